package io.espalier.configs.plugin;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Members with the names and keys of the built-in ones, which are in masks and trainer. */
public final class StandIns implements BuiltInPlugins {
  private record Member(PluginKind kind, String name, PluginKeys keys) implements Plugin {}

  /** An optimizer that looks at whole tensors. */
  private record Optimizer(String name, PluginKeys keys) implements OptimizerPlugin {
    @Override
    public boolean isElementwise(MemberSettings settings) {
      return false;
    }
  }

  private record Ranking(PluginKind kind, String name, PluginKeys keys, RequiredStatistics reads)
      implements RankingPlugin {
    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return reads;
    }
  }

  private record Allocation(
      String name, PluginKeys keys, boolean sharesWeights, boolean sharesChannels)
      implements AllocationPlugin {
    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return new RequiredStatistics(
          keys.list().stream().anyMatch(k -> k.name().equals("batches")), Set.of());
    }
  }

  private record Selection(String name, boolean isFree) implements SelectionPlugin {}

  private record Weights(String name) implements UnitsPlugin {
    @Override
    public boolean areFreeWeights(MemberSettings settings) {
      return true;
    }
  }

  private record Pattern(String name, PluginKeys keys) implements UnitsPlugin, FixedSparsity {
    @Override
    public boolean areFreeWeights(MemberSettings settings) {
      return false;
    }

    @Override
    public double sparsity(MemberSettings settings) {
      return 1 - (double) settings.whole("n") / settings.whole("m");
    }
  }

  private record Mask(String name, PluginKeys keys, MaskTraits itsTraits) implements MaskPlugin {
    @Override
    public MaskTraits traits(MemberSettings settings) {
      return itsTraits;
    }

    @Override
    public Map<PluginKind, String> needs() {
      return GATED.contains(name) ? Map.of(PluginKind.SCORE, name) : Map.of();
    }

    @Override
    public Set<String> values(MemberSettings settings) {
      return VALUED.contains(name) ? Set.of(name) : Set.of();
    }

    @Override
    public boolean chooses(MemberSettings settings) {
      return name.equals("soft-threshold");
    }
  }

  private record OfChannels(
      String name, Scope scope, PluginKeys keys, RequiredStatistics itsReadings)
      implements RankingPlugin {
    @Override
    public PluginKind kind() {
      return PluginKind.SCORE;
    }

    @Override
    public Map<PluginKind, String> needs() {
      return Map.of(PluginKind.UNITS, scope.word());
    }

    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return itsReadings;
    }
  }

  /** A score that needs the mask kind of its name. */
  private record Scored(String name) implements RankingPlugin {
    @Override
    public PluginKind kind() {
      return PluginKind.SCORE;
    }

    @Override
    public Map<PluginKind, String> needs() {
      return Map.of(PluginKind.MASK, name);
    }

    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return new RequiredStatistics(false, Set.of(name));
    }
  }

  /** Kinds that bring the score of their name. */
  private static final Set<String> GATED =
      Set.of("hard-concrete", "transport", "keep-logits", "edge-popup");

  /** Kinds with values of their own names. */
  private static final Set<String> VALUED =
      Set.of(
          "movement", "averaged-taylor", "hard-concrete", "transport", "keep-logits", "edge-popup");

  private static final PluginKeys WINDOW =
      PluginKeys.NONE
          .span("begin", new Span.Percent(10))
          .span("end", new Span.Percent(75))
          .whole("updates", 50)
          .share("initial", 0)
          .optionalSpan("continue")
          .optionalSpan("freeze");

  @Override
  public List<Plugin> list() {
    PluginKeys none = PluginKeys.NONE;
    PluginKeys power = none.number("power", 1);
    PluginKeys gain = none.number("gain", 1);
    RequiredStatistics data = new RequiredStatistics(true, Set.of());
    return List.of(
        new Member(PluginKind.INITIALIZER, "he", gain),
        new Member(PluginKind.INITIALIZER, "uniform-fan-in", gain),
        new Member(PluginKind.INITIALIZER, "orthogonal", gain),
        new Member(
            PluginKind.OPTIMIZER,
            "rmsprop",
            none.number("alpha", 0.99).number("epsilon", 1e-8).number("momentum", 0)),
        new Member(PluginKind.OPTIMIZER, "adagrad", none.number("epsilon", 1e-10)),
        new Member(PluginKind.OPTIMIZER, "lion", none.number("beta1", 0.9).number("beta2", 0.99)),
        new Optimizer(
            "lamb", none.number("beta1", 0.9).number("beta2", 0.999).number("epsilon", 1e-6)),
        new Member(PluginKind.OBJECTIVE, "cross-entropy", none),
        new Member(
            PluginKind.OBJECTIVE,
            "distillation",
            none.required("teacher", PluginKeys.Type.PATH, "a file")
                .text("sha256", "")
                .number("temperature", 2)
                .number("weight", 0.7)),
        new Member(
            PluginKind.OBJECTIVE,
            "block-reconstruction",
            none.required("teacher", PluginKeys.Type.PATH, "a file").text("sha256", "")),
        rule(
            "group-lasso",
            none.number("strength", 1e-4)
                .text("axis", "outputs")
                .text("step", "proximal")
                .flag("scale-by-size", true)
                .renamed("sized", "scale-by-size")),
        rule("l1", none.number("strength", 1e-5).text("step", "proximal")),
        rule(
            "scale-penalty",
            none.number("strength", 5e-4).text("select", "all").share("share", 0.5)),
        rule(
            "growing",
            none.number("strength", 1e-4)
                .text("of", "weights")
                .whole("every", 10)
                .number("limit", 0.5)),
        rule("half-space", none.number("strength", 1e-3).number("epsilon", 0)),
        rule("gsm", none),
        rule("iss", none.number("factor", 0.95)),
        rule(
            "filter-shrinking",
            none.share("share", 0.3).number("factor", 0).span("every", new Span.Epochs(1))),
        rule("sam", none.number("radius", 0.05)),
        rule("adasap", none.number("radius", 2).number("least-radius", 0.01)),
        rule("staged-penalty", none.number("strength", 1e-2).share("share", 0.3)),
        rule("truncation", none.number("strength", 3e-4).share("energy", 0.9).whole("every", 20)),
        rule("widening", none.number("strength", 1e-4)),
        rule("dual-penalty", none.number("strength", 1e-4).number("separation", 1e-4)),
        new Ranking(PluginKind.SCORE, "magnitude", none, RequiredStatistics.NONE),
        new Ranking(PluginKind.SCORE, "random", none, RequiredStatistics.NONE),
        new Ranking(PluginKind.SCORE, "taylor", none.whole("batches", 4), data),
        new Ranking(PluginKind.SCORE, "snip", none.whole("batches", 4), data),
        new Ranking(
            PluginKind.SCORE, "grasp", none.whole("batches", 10).number("temperature", 200), data),
        new Ranking(PluginKind.SCORE, "wanda", none.whole("batches", 4), data),
        new Ranking(
            PluginKind.SCORE,
            "wanda-regional",
            none.whole("batches", 4).number("alpha", 100).name("region", "block"),
            data),
        new Ranking(PluginKind.SCORE, "fisher", none.whole("batches", 4), data),
        new Ranking(
            PluginKind.SCORE,
            "obs",
            none.whole("batches", 16).number("damping", .01).name("form", "inverse"),
            data),
        new Ranking(PluginKind.SCORE, "synflow", none, data),
        new Ranking(PluginKind.SCORE, "variance", none.whole("batches", 4), data),
        new Ranking(
            PluginKind.SCORE, "attention-maps", none.whole("batches", 4).whole("power", 2), data),
        new Allocation("uniform", none, true, true),
        new Allocation("uniform-plus", none.share("first", 1).share("last", 0.2), true, false),
        new Allocation("global", none.name("normalize", "none").share("sentinel", 0.5), true, true),
        new Allocation("lamp", none, true, true),
        new Allocation("er", power, true, true),
        new Allocation("erk", power, true, true),
        new Allocation("erk-plus", power.share("last", 1), true, false),
        new Allocation("balanced", none, true, false),
        new Allocation("pyramidal", none, true, false),
        new Allocation(
            "owl",
            none.whole("batches", 4).number("spread", 0.08).number("threshold", 5),
            true,
            true),
        new Allocation("dlp", none.whole("batches", 4).number("spread", 0.15), true, true),
        new Allocation("cfsp", none.whole("batches", 4).number("slope", 13.1), true, true),
        new Allocation("rd", none.whole("batches", 2).whole("amounts", 100), true, false),
        new Allocation("precropping", none.name("densities", "erk"), false, true),
        new Allocation("knapsack", none.whole("chunk", 1).share("macs", 1), true, true),
        new Weights("weight"),
        new Pattern("n-of-m", none.whole("n", 2).whole("m", 4).name("axis", "inputs")),
        new Selection("free", true),
        new Selection("per-row", false),
        new Selection("connected", false),
        new Member(PluginKind.SCHEDULE, "constant", none),
        new Member(PluginKind.SCHEDULE, "one-shot", none.span("begin", new Span.Percent(50))),
        new Member(PluginKind.SCHEDULE, "cubic", WINDOW),
        new Member(PluginKind.SCHEDULE, "polynomial", WINDOW.number("power", 3)),
        new Member(PluginKind.SCHEDULE, "cosine", WINDOW),
        new Member(PluginKind.SCHEDULE, "geometric", WINDOW),
        new Member(PluginKind.SCHEDULE, "exponential", WINDOW.number("steepness", 2.8)),
        new Mask("hard", none, MaskTraits.PERMANENT),
        new Mask(
            "soft",
            none.number("masked-decay", 5e-3)
                .number("hidden-gradient", 1)
                .flag("hidden-momentum", true),
            MaskTraits.RETURNING),
        new Mask(
            "annealed",
            none.number("initial-temperature", 0.5)
                .name("shape", "cosine")
                .span("over", new Span.Percent(10)),
            MaskTraits.fading(Optional.of(new Span.Percent(10)))),
        new Mask("movement", none, MaskTraits.RETURNING.withoutChannels()),
        new Mask(
            "soft-threshold",
            none.number("initial", 0.001).number("rate", 1).number("weight-decay", 0.01),
            MaskTraits.RETURNING.withoutChannels()),
        new Mask("averaged-taylor", none.number("masked-decay", 0), MaskTraits.RETURNING),
        new Scored("movement"),
        new Scored("averaged-taylor"),
        new Mask(
            "hard-concrete",
            none.number("rate", 0.1).number("initial-drop", 0.2).number("multiplier-rate", 0.1),
            MaskTraits.RETURNING.withoutChannels()),
        new Mask(
            "transport",
            none.number("rate", 0.01)
                .number("initial-temperature", 1)
                .number("final-temperature", 0.05),
            MaskTraits.RETURNING.withoutChannels()),
        new Mask(
            "keep-logits",
            none.number("rate", 0.2)
                .number("initial-keep", 0.9)
                .number("temperature", 1)
                .flag("rescale", true),
            MaskTraits.RETURNING.withoutChannels()),
        new Mask(
            "edge-popup",
            none.number("rate", 0.1).flag("rescale", true),
            MaskTraits.RETURNING.withoutChannels()),
        new Scored("hard-concrete"),
        new Scored("transport"),
        new Scored("keep-logits"),
        new Scored("edge-popup"),
        new OfChannels("channel-taylor", Scope.ALL, none.whole("batches", 4), data),
        new OfChannels("batch-norm-scale", Scope.ALL, none, data),
        new OfChannels(
            "angular-distance",
            Scope.BLOCKS,
            none.whole("batches", 4).whole("consecutive", 1),
            data),
        new Ranking(
            PluginKind.REFIT,
            "least-squares",
            none.whole("batches", 32).number("ridge", 1e-3),
            data),
        new Ranking(
            PluginKind.REFIT, "sparsegpt", none.whole("batches", 32).number("damping", .01), data),
        new Ranking(PluginKind.REFIT, "mean-folding", none.whole("batches", 32), data),
        new Ranking(
            PluginKind.REGROWTH,
            "set",
            exchange(new Span.Epochs(1)).name("drop", "magnitude"),
            RequiredStatistics.NONE),
        new Ranking(
            PluginKind.REGROWTH, "rigl", exchange(new Span.Steps(100)).whole("batches", 1), data));
  }

  private static PluginKeys exchange(Span every) {
    return PluginKeys.NONE
        .span("every", every)
        .span("end", new Span.Percent(75))
        .share("fraction", 0.3);
  }

  /** A step rule, which acts on a part of the run. */
  private static Member rule(String name, PluginKeys keys) {
    return new Member(
        PluginKind.RULE,
        name,
        keys.span("begin", new Span.Percent(0)).span("end", new Span.Percent(100)));
  }
}
