package io.espalier.configs.custom;

import io.espalier.configs.MemberSettings;

/** Units as far as recipes are concerned. */
public interface UnitsMember extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.UNITS;
  }

  /** Whether each weight is a unit of its own and any of them may be kept together. */
  boolean areFreeWeights(MemberSettings settings);
}
