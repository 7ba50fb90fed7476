package io.espalier.configs.custom;

import java.util.List;

/**
 * The members of a family that ship with Espalier. A module lists its implementations in {@code
 * META-INF/services/io.espalier.configs.custom.BuiltInMembers}; they need no more than a user's
 * {@link CustomMember}, and may be package-private.
 */
public interface BuiltInMembers {
  /** All of them, in the order in which messages name them. */
  List<? extends CustomMember> list();
}
