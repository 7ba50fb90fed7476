package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** A selection that recipes name. */
public interface SelectionProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.SELECTION;
  }

  Selection create(MemberSettings settings);
}
