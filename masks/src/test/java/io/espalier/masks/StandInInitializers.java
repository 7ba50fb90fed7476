package io.espalier.masks;

import io.espalier.configs.custom.BuiltInMembers;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.configs.custom.CustomMember;
import java.util.List;

/** Recipes need an initializer; the built-in ones are in trainer. */
public final class StandInInitializers implements BuiltInMembers {
  private record Member(CustomFamily family, String name, CustomKeys keys)
      implements CustomMember {}

  @Override
  public List<CustomMember> list() {
    return List.of(
        new Member(CustomFamily.INITIALIZER, "uniform-fan-in", CustomKeys.NONE.number("gain", 1)));
  }
}
