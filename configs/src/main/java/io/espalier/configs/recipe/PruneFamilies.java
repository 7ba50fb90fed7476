package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;

final class PruneFamilies {
  static final Family<GranularityConfig> GRANULARITY =
      Family.<GranularityConfig>named("granularity")
          .custom(CustomFamily.UNITS, (section, settings) -> new GranularityConfig.Units(settings))
          .with("channel", ChannelFamilies::channel)
          .shorthand("(\\d+):(\\d+)", "n-of-m", "n", "m")
          .shorthand("block (\\d+)x(\\d+)", "block", "rows", "columns")
          .planned("head");

  static final Family<MemberSettings> SCORE =
      Family.members("score", CustomFamily.SCORE).planned("movement", "grasp", "synflow", "fisher");

  static final Family<MemberSettings> ALLOCATION =
      Family.members("allocation", CustomFamily.ALLOCATION).planned("uniform-plus", "owl", "dlp");

  static final Family<MemberSettings> SELECTION =
      Family.members("selection", CustomFamily.SELECTION);

  static final Family<MemberSettings> SCHEDULE =
      Family.members("schedule", CustomFamily.SCHEDULE).planned("iterative", "linear");

  static final Family<MaskConfig> MASK =
      Family.<MaskConfig>named("mask")
          .with("hard", s -> new MaskConfig.Hard())
          .with("soft", s -> new MaskConfig.Soft(s.value("masked-decay", REAL)))
          .with("annealed", PruneFamilies::annealed);

  static final Family<MaskConfig.Shape> SHAPE = Family.of("shape", MaskConfig.Shape.class);

  static final Family<MemberSettings> REGROWTH =
      Family.members("regrowth", CustomFamily.REGROWTH)
          .with("none", s -> MemberSettings.of("none"))
          .planned("fedtiny");

  private PruneFamilies() {}

  private static MaskConfig annealed(Section mask) {
    return new MaskConfig.Annealed(
        mask.value("initial-temperature", REAL),
        SHAPE.read(mask, "shape"),
        mask.value("over", SPAN_OF_RUN));
  }
}
