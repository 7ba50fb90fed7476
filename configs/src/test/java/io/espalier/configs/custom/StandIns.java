package io.espalier.configs.custom;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Members with the names and keys of the built-in ones, which are in masks and trainer. */
public final class StandIns implements BuiltInMembers {
  private record Member(CustomFamily family, String name, CustomKeys keys)
      implements CustomMember {}

  private record Ranking(
      CustomFamily family, String name, CustomKeys keys, RequiredStatistics reads)
      implements RankingMember {
    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return reads;
    }
  }

  private record Allocation(
      String name, CustomKeys keys, boolean sharesWeights, boolean sharesChannels)
      implements AllocationMember {
    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return new RequiredStatistics(
          keys.list().stream().anyMatch(k -> k.name().equals("batches")), Set.of());
    }
  }

  private record Selection(String name, boolean isFree) implements SelectionMember {}

  private record Weights(String name) implements UnitsMember {
    @Override
    public boolean areFreeWeights(MemberSettings settings) {
      return true;
    }
  }

  private record Pattern(String name, CustomKeys keys) implements UnitsMember, FixedSparsity {
    @Override
    public boolean areFreeWeights(MemberSettings settings) {
      return false;
    }

    @Override
    public double sparsity(MemberSettings settings) {
      return 1 - (double) settings.whole("n") / settings.whole("m");
    }
  }

  private record Mask(String name, CustomKeys keys, MaskTraits itsTraits) implements MaskMember {
    @Override
    public MaskTraits traits(MemberSettings settings) {
      return itsTraits;
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
      String name, Scope scope, CustomKeys keys, RequiredStatistics itsReadings)
      implements RankingMember {
    @Override
    public CustomFamily family() {
      return CustomFamily.SCORE;
    }

    @Override
    public Map<CustomFamily, String> needs() {
      return Map.of(CustomFamily.UNITS, scope.word());
    }

    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return itsReadings;
    }
  }

  /** A score that needs the mask kind of its name. */
  private record Scored(String name) implements RankingMember {
    @Override
    public CustomFamily family() {
      return CustomFamily.SCORE;
    }

    @Override
    public Map<CustomFamily, String> needs() {
      return Map.of(CustomFamily.MASK, name);
    }

    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      return new RequiredStatistics(false, Set.of(name));
    }
  }

  /** Kinds with values of their own names. */
  private static final Set<String> VALUED = Set.of("movement", "averaged-taylor");

  private static final CustomKeys WINDOW =
      CustomKeys.NONE
          .span("begin", new Span.Percent(10))
          .span("end", new Span.Percent(75))
          .whole("updates", 50)
          .share("initial", 0)
          .optionalSpan("continue")
          .optionalSpan("freeze");

  @Override
  public List<CustomMember> list() {
    CustomKeys none = CustomKeys.NONE;
    CustomKeys power = none.number("power", 1);
    CustomKeys gain = none.number("gain", 1);
    RequiredStatistics data = new RequiredStatistics(true, Set.of());
    return List.of(
        new Member(CustomFamily.INITIALIZER, "he", gain),
        new Member(CustomFamily.INITIALIZER, "uniform-fan-in", gain),
        new Member(CustomFamily.INITIALIZER, "orthogonal", gain),
        new Member(CustomFamily.OBJECTIVE, "cross-entropy", none),
        new Member(
            CustomFamily.OBJECTIVE,
            "distillation",
            none.required("teacher", CustomKeys.Type.PATH, "a file")
                .text("sha256", "")
                .number("temperature", 2)
                .number("weight", 0.7)),
        new Member(
            CustomFamily.OBJECTIVE,
            "block-reconstruction",
            none.required("teacher", CustomKeys.Type.PATH, "a file").text("sha256", "")),
        new Member(
            CustomFamily.RULE,
            "group-lasso",
            none.required("strength", CustomKeys.Type.NUMBER, "a factor")
                .text("axis", "outputs")
                .text("step", "proximal")
                .flag("scale-by-size", true)
                .renamed("sized", "scale-by-size")
                .span("begin", new Span.Percent(0))
                .span("end", new Span.Percent(100))),
        new Ranking(CustomFamily.SCORE, "magnitude", none, RequiredStatistics.NONE),
        new Ranking(CustomFamily.SCORE, "random", none, RequiredStatistics.NONE),
        new Ranking(CustomFamily.SCORE, "taylor", none.whole("batches", 4), data),
        new Ranking(CustomFamily.SCORE, "snip", none.whole("batches", 4), data),
        new Ranking(
            CustomFamily.SCORE,
            "grasp",
            none.whole("batches", 10).number("temperature", 200),
            data),
        new Ranking(CustomFamily.SCORE, "wanda", none.whole("batches", 4), data),
        new Ranking(
            CustomFamily.SCORE,
            "wanda-regional",
            none.whole("batches", 4).number("alpha", 100).name("region", "block"),
            data),
        new Ranking(CustomFamily.SCORE, "fisher", none.whole("batches", 4), data),
        new Ranking(
            CustomFamily.SCORE,
            "obs",
            none.whole("batches", 16).number("damping", .01).name("form", "inverse"),
            data),
        new Ranking(CustomFamily.SCORE, "synflow", none, data),
        new Ranking(CustomFamily.SCORE, "variance", none.whole("batches", 4), data),
        new Ranking(
            CustomFamily.SCORE, "attention-maps", none.whole("batches", 4).whole("power", 2), data),
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
        new Member(CustomFamily.SCHEDULE, "constant", none),
        new Member(CustomFamily.SCHEDULE, "one-shot", none.span("begin", new Span.Percent(50))),
        new Member(CustomFamily.SCHEDULE, "cubic", WINDOW),
        new Member(CustomFamily.SCHEDULE, "polynomial", WINDOW.number("power", 3)),
        new Member(CustomFamily.SCHEDULE, "cosine", WINDOW),
        new Member(CustomFamily.SCHEDULE, "geometric", WINDOW),
        new Member(CustomFamily.SCHEDULE, "exponential", WINDOW.number("steepness", 2.8)),
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
        new OfChannels("channel-taylor", Scope.ALL, none.whole("batches", 4), data),
        new OfChannels(
            "angular-distance",
            Scope.BLOCKS,
            none.whole("batches", 4).whole("consecutive", 1),
            data),
        new Ranking(
            CustomFamily.REFIT,
            "least-squares",
            none.whole("batches", 32).number("ridge", 1e-3),
            data),
        new Ranking(
            CustomFamily.REFIT,
            "sparsegpt",
            none.whole("batches", 32).number("damping", .01),
            data),
        new Ranking(CustomFamily.REFIT, "mean-folding", none.whole("batches", 32), data),
        new Ranking(
            CustomFamily.REGROWTH,
            "set",
            exchange(new Span.Epochs(1)).name("drop", "magnitude"),
            RequiredStatistics.NONE),
        new Ranking(
            CustomFamily.REGROWTH,
            "rigl",
            exchange(new Span.Steps(100)).whole("batches", 1),
            data));
  }

  private static CustomKeys exchange(Span every) {
    return CustomKeys.NONE
        .span("every", every)
        .span("end", new Span.Percent(75))
        .share("fraction", 0.3);
  }
}
