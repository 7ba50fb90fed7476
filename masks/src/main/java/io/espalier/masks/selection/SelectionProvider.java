package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.SelectionMember;

/** A selection that recipes name. */
public interface SelectionProvider extends SelectionMember {
  Selection create(MemberSettings settings);
}
