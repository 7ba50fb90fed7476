package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.ChannelScoring.Members;
import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.configs.GranularityConfig.ChannelScoring.Reduction;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.CuttingConfig.When;
import io.espalier.configs.GranularityConfig.NormScaling;

/** The registries of channel pruning: one line per choice. */
final class ChannelFamilies {
  static final Family<BudgetConfig> BUDGET =
      Family.<BudgetConfig>named("budget")
          .with("parameters", s -> new BudgetConfig.Parameters())
          .with("macs", s -> new BudgetConfig.Macs())
          .with("latency", s -> new BudgetConfig.Latency());

  static final Family<Reduction> REDUCTION = Family.of("reduction", Reduction.class);

  static final Family<Members> MEMBERS = Family.of("members", Members.class);

  static final Family<Signs> SIGNS = Family.of("signs", Signs.class);

  static final Family<Normalisation> NORMALISATION =
      Family.of("normalisation", Normalisation.class);

  static final Family<NormScaling> NORM_SCALING = Family.of("norm-scaling", NormScaling.class);

  static final Family<When> CUT = Family.of("cut", When.class);

  private ChannelFamilies() {}

  static GranularityConfig.Channel channel(Section channel) {
    return new GranularityConfig.Channel(
        BUDGET.read(channel, "budget"),
        new ChannelScoring(
            REDUCTION.read(channel, "reduction"),
            MEMBERS.read(channel, "members"),
            SIGNS.read(channel, "signs"),
            NORMALISATION.read(channel, "normalisation")),
        channel.part(
            part ->
                new ChannelLimits(
                    part.value("most-pruned", SHARE),
                    part.value("least-channels", WHOLE),
                    part.value("multiple", WHOLE))),
        NORM_SCALING.read(channel, "norm-scaling"),
        new CuttingConfig(CUT.read(channel, "cut"), channel.value("settle", SPAN_OF_RUN)));
  }
}
