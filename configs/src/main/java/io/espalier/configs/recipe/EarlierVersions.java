package io.espalier.configs.recipe;

import com.typesafe.config.ConfigObject;

/** The values that earlier versions had where they had no key yet. */
final class EarlierVersions {
  private static final String MODEL = "model";
  private static final ConfigObject DRAWN_BY_HE =
      HoconText.text("version 0.1", "model.initial = he");

  private EarlierVersions() {}

  /** Adds the keys that the version which resolved a recipe did not know. */
  static ConfigObject completed(ConfigObject resolved) {
    boolean hasInitial =
        HoconText.at(resolved, MODEL)
            .flatMap(model -> HoconText.at(HoconText.keys(model), ModelFamilies.INITIAL))
            .isPresent();
    return hasInitial ? resolved : Overrides.over(resolved, DRAWN_BY_HE);
  }
}
