package io.espalier.configs.recipe;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.MaskPlugin;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;

final class PruneFamilies {
  static final Family<GranularityConfig> GRANULARITY =
      Family.<GranularityConfig>named("granularity")
          .plugins(PluginKind.UNITS, (section, settings) -> new GranularityConfig.Units(settings))
          .with(Scope.ALL.word(), ChannelFamilies::channel)
          .with(Scope.HEADS.word(), ChannelFamilies::head)
          .with(Scope.SUBLAYERS.word(), ChannelFamilies::sublayer)
          .with(Scope.BLOCKS.word(), ChannelFamilies::transformerBlock)
          .renamed(ChannelFamilies.FORMER_LIMITS, Scope.ALL.word(), Scope.HEADS.word())
          .shorthand("(\\d+):(\\d+)", "n-of-m", "n", "m")
          .shorthand("block (\\d+)x(\\d+)", "block", "rows", "columns");

  static final Family<MemberSettings> SCORE = Family.members("score", PluginKind.SCORE);

  static final Family<MemberSettings> ALLOCATION =
      Family.members("allocation", PluginKind.ALLOCATION);

  static final Family<MemberSettings> SELECTION = Family.members("selection", PluginKind.SELECTION);

  static final Family<MemberSettings> SCHEDULE =
      Family.members("schedule", PluginKind.SCHEDULE).planned("iterative", "linear");

  static final Family<MaskConfig> MASK =
      Family.<MaskConfig>named("mask").plugins(PluginKind.MASK, PruneFamilies::mask);

  static final Family<MemberSettings> REGROWTH =
      Family.members("regrowth", PluginKind.REGROWTH)
          .with("none", s -> MemberSettings.of("none"))
          .planned("fedtiny");

  static final Family<MemberSettings> REFIT =
      Family.members("refit", PluginKind.REFIT).with("none", s -> MemberSettings.of("none"));

  private PruneFamilies() {}

  /** Settings that the kind refuses, or cannot describe, are noted; what stands in is not used. */
  private static MaskConfig mask(Section section, MemberSettings settings) {
    return section.plugins().named(PluginKind.MASK, settings.name()).stream()
        .filter(MaskPlugin.class::isInstance)
        .map(kind -> new MaskConfig(settings, traits(section, (MaskPlugin) kind, settings)))
        .findFirst()
        .orElseGet(() -> new MaskConfig(settings, MaskTraits.PERMANENT));
  }

  private static MaskTraits traits(Section section, MaskPlugin kind, MemberSettings settings) {
    try {
      return PluginGuard.of(kind)
          .prepare("say what it goes together with", () -> kind.traits(settings));
    } catch (InvalidConfigException e) {
      section.note(Overrides.KIND, String.valueOf(e.getMessage()));
      return MaskTraits.PERMANENT;
    }
  }
}
