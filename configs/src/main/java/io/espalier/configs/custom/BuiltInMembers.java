package io.espalier.configs.custom;

import java.util.List;

/**
 * A family's members that ship with Espalier, listed in {@code
 * META-INF/services/io.espalier.configs.custom.BuiltInMembers}; they may be package-private.
 */
public interface BuiltInMembers {
  /** All members, in the order in which messages name them. */
  List<? extends CustomMember> list();
}
