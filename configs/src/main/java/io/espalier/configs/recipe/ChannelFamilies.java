package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.BudgetConfig;
import io.espalier.configs.ChannelLimits;
import io.espalier.configs.ChannelScoring;
import io.espalier.configs.ChannelScoring.Members;
import io.espalier.configs.ChannelScoring.Normalisation;
import io.espalier.configs.ChannelScoring.Reduction;
import io.espalier.configs.ChannelScoring.Signs;
import io.espalier.configs.CuttingConfig;
import io.espalier.configs.CuttingConfig.When;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.NormScaling;

/** The registries of what pruning channels chooses by name: one line per choice. */
final class ChannelFamilies {
  static final Family<BudgetConfig> BUDGET =
      Family.<BudgetConfig>named("budget")
          .with("parameters", s -> new BudgetConfig.Parameters())
          .with("macs", s -> new BudgetConfig.Macs())
          .with("latency", s -> new BudgetConfig.Latency());

  static final Family<Reduction> REDUCTION =
      Family.<Reduction>named("reduction")
          .with("sum", s -> Reduction.SUM)
          .with("mean", s -> Reduction.MEAN)
          .with("max", s -> Reduction.MAX)
          .with("l2", s -> Reduction.L2);

  static final Family<Members> MEMBERS =
      Family.<Members>named("members")
          .with("all", s -> Members.ALL)
          .with("readers", s -> Members.READERS);

  static final Family<Signs> SIGNS =
      Family.<Signs>named("signs").with("each", s -> Signs.EACH).with("result", s -> Signs.RESULT);

  static final Family<Normalisation> NORMALISATION =
      Family.<Normalisation>named("normalisation")
          .with("none", s -> Normalisation.NONE)
          .with("mean", s -> Normalisation.MEAN)
          .with("sum", s -> Normalisation.SUM)
          .with("max", s -> Normalisation.MAX);

  static final Family<NormScaling> NORM_SCALING =
      Family.<NormScaling>named("norm-scaling")
          .with("none", s -> NormScaling.NONE)
          .with("share", s -> NormScaling.SHARE)
          .with("importance", s -> NormScaling.IMPORTANCE);

  static final Family<When> CUT =
      Family.<When>named("cut")
          .with("live", s -> When.LIVE)
          .with("end", s -> When.END)
          .with("never", s -> When.NEVER);

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
