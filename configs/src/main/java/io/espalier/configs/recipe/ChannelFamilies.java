package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.ChannelScoring.Members;
import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.CuttingConfig.When;
import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.GranularityConfig.Reduction;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The registries of channel pruning: one line per choice. */
final class ChannelFamilies {
  static final Family<BudgetConfig> BUDGET =
      Family.<BudgetConfig>named("budget")
          .with("parameters", s -> new BudgetConfig.Parameters())
          .with("macs", s -> new BudgetConfig.Macs())
          .with("latency", s -> new BudgetConfig.Latency());

  static final Family<Reduction> REDUCTION = Family.of("reduction", Reduction.class);

  static final Family<Optional<Reduction>> MEMBER_REDUCTION = memberReduction();

  static final Family<Members> MEMBERS = Family.of("members", Members.class);

  static final Family<Signs> SIGNS = Family.of("signs", Signs.class);

  static final Family<Normalisation> NORMALISATION =
      Family.of("normalisation", Normalisation.class);

  static final Family<NormScaling> NORM_SCALING = Family.of("norm-scaling", NormScaling.class);

  static final Family<When> CUT = Family.of("cut", When.class);

  static final RenamedKeys FORMER_LIMITS =
      new RenamedKeys(
          Map.of(
              "most-pruned",
              "max-ratio",
              "least-channels",
              "min-channels",
              "multiple",
              "round-to"));

  private ChannelFamilies() {}

  /**
   * Returns the members of {@link #REDUCTION}, and {@code same} for the one that the recipe names
   * there.
   */
  private static Family<Optional<Reduction>> memberReduction() {
    Family<Optional<Reduction>> family =
        Family.<Optional<Reduction>>named("member-reduction")
            .with("same", section -> Optional.empty());
    for (String name : REDUCTION.names()) {
      Reduction each = Reduction.valueOf(name.toUpperCase(Locale.ROOT));
      family = family.with(name, section -> Optional.of(each));
    }
    return family;
  }

  private static ChannelScoring scoring(Section channel) {
    Reduction reduction = REDUCTION.read(channel, "reduction");
    return new ChannelScoring(
        reduction,
        ofMembers(channel).orElse(reduction),
        MEMBERS.read(channel, "members"),
        SIGNS.read(channel, "signs"),
        NORMALISATION.read(channel, "normalisation"));
  }

  private static Optional<Reduction> ofMembers(Section channel) {
    return channel.at("member-reduction").isPresent()
        ? MEMBER_REDUCTION.read(channel, "member-reduction")
        : Optional.empty();
  }

  static GranularityConfig.Channel channel(Section channel) {
    return channel(Scope.ALL, channel);
  }

  static GranularityConfig.Channel head(Section head) {
    return channel(Scope.HEADS, head);
  }

  static GranularityConfig.Channel sublayer(Section sublayer) {
    return layers(Scope.SUBLAYERS, sublayer);
  }

  static GranularityConfig.Channel transformerBlock(Section block) {
    return layers(Scope.BLOCKS, block);
  }

  /** Layers stay or go as a whole: there is no width to limit, and no other channel to norm by. */
  private static GranularityConfig.Channel layers(Scope scope, Section layers) {
    Reduction reduction = REDUCTION.read(layers, "reduction");
    return new GranularityConfig.Channel(
        scope,
        BUDGET.read(layers, "budget"),
        new ChannelScoring(
            reduction,
            ofMembers(layers).orElse(reduction),
            Members.ALL,
            SIGNS.read(layers, "signs"),
            Normalisation.NONE),
        new ChannelLimits(1, 1, 1),
        NormScaling.NONE,
        cutting(layers));
  }

  private static CuttingConfig cutting(Section section) {
    return new CuttingConfig(CUT.read(section, "cut"), section.value("settle", SPAN_OF_RUN));
  }

  private static GranularityConfig.Channel channel(Scope scope, Section channel) {
    return new GranularityConfig.Channel(
        scope,
        BUDGET.read(channel, "budget"),
        scoring(channel),
        channel.part(
            part ->
                new ChannelLimits(
                    part.value("max-ratio", SHARE),
                    part.value("min-channels", WHOLE),
                    part.value("round-to", WHOLE))),
        NORM_SCALING.read(channel, "norm-scaling"),
        cutting(channel));
  }
}
