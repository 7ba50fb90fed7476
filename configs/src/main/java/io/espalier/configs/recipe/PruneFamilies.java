package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.AllocationConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.RegrowthConfig;
import io.espalier.configs.ScheduleConfig;
import io.espalier.configs.ScoreConfig;
import io.espalier.configs.Span;
import io.espalier.configs.custom.CustomFamily;

/** The registries of what pruning chooses by name: one line per method. */
final class PruneFamilies {
  static final Family<GranularityConfig> GRANULARITY =
      Family.<GranularityConfig>named("granularity")
          .with("weight", s -> new GranularityConfig.Weight())
          .with("channel", ChannelFamilies::channel)
          .planned("\\d+:\\d+", "n:m", "block.*", "filter", "head");

  static final Family<ScoreConfig> SCORE =
      Family.<ScoreConfig>named("score")
          .with("magnitude", s -> new ScoreConfig.Magnitude())
          .with("random", s -> new ScoreConfig.Random())
          .with("taylor", s -> new ScoreConfig.Taylor(s.value("batches", WHOLE)))
          .custom(CustomFamily.SCORE, (s, own) -> new ScoreConfig.Custom(own))
          .planned("movement", "snip", "grasp", "synflow", "fisher", "wanda");

  static final Family<AllocationConfig> ALLOCATION =
      Family.<AllocationConfig>named("allocation")
          .with("uniform", s -> new AllocationConfig.Uniform())
          .with("global", s -> new AllocationConfig.Global())
          .with("er", s -> new AllocationConfig.ErdosRenyi(s.value("power", REAL)))
          .with("erk", s -> new AllocationConfig.ErdosRenyiKernel(s.value("power", REAL)))
          .with("knapsack", s -> new AllocationConfig.Knapsack(s.value("chunk", WHOLE)))
          .custom(CustomFamily.ALLOCATION, (s, own) -> new AllocationConfig.Custom(own))
          .planned("uniform-plus", "lamp", "owl", "dlp");

  static final Family<ScheduleConfig> SCHEDULE =
      Family.<ScheduleConfig>named("schedule")
          .with("constant", s -> new ScheduleConfig.Constant())
          .with("one-shot", s -> new ScheduleConfig.OneShot(s.value("begin", SPAN_OF_RUN)))
          .with("cubic", s -> new ScheduleConfig.Cubic(window(s)))
          .with("polynomial", PruneFamilies::polynomial)
          .with("cosine", s -> new ScheduleConfig.Cosine(window(s)))
          .with("geometric", s -> new ScheduleConfig.Geometric(window(s)))
          .custom(CustomFamily.SCHEDULE, (s, own) -> new ScheduleConfig.Custom(own))
          .planned("iterative", "linear");

  static final Family<MaskConfig> MASK =
      Family.<MaskConfig>named("mask")
          .with("hard", s -> new MaskConfig.Hard())
          .with("soft", s -> new MaskConfig.Soft(s.value("masked-decay", REAL)))
          .with("annealed", PruneFamilies::annealed);

  static final Family<MaskConfig.Shape> SHAPE =
      Family.<MaskConfig.Shape>named("shape")
          .with("linear", s -> MaskConfig.Shape.LINEAR)
          .with("cosine", s -> MaskConfig.Shape.COSINE)
          .with("exponential", s -> MaskConfig.Shape.EXPONENTIAL)
          .with("constant", s -> MaskConfig.Shape.CONSTANT);

  static final Family<RegrowthConfig> REGROWTH =
      Family.<RegrowthConfig>named("regrowth")
          .with("none", s -> new RegrowthConfig.None())
          .with("set", s -> new RegrowthConfig.SparseEvolution(s.part(PruneFamilies::exchange)))
          .with("rigl", PruneFamilies::rigL)
          .planned("fedtiny");

  private PruneFamilies() {}

  private static MaskConfig annealed(Section mask) {
    return new MaskConfig.Annealed(
        mask.value("initial-temperature", REAL),
        SHAPE.read(mask, "shape"),
        mask.value("over", SPAN_OF_RUN));
  }

  private static RegrowthConfig rigL(Section regrowth) {
    return new RegrowthConfig.RigL(
        regrowth.part(PruneFamilies::exchange), regrowth.value("batches", WHOLE));
  }

  private static RegrowthConfig.Exchange exchange(Section regrowth) {
    return new RegrowthConfig.Exchange(
        regrowth.value("every", SPAN_OF_RUN),
        regrowth.value("end", SPAN_OF_RUN),
        regrowth.value("fraction", SHARE));
  }

  private static ScheduleConfig polynomial(Section schedule) {
    return new ScheduleConfig.Polynomial(
        schedule.part(PruneFamilies::window), schedule.value("power", REAL));
  }

  private static ScheduleConfig.Window window(Section schedule) {
    Span begin = schedule.value("begin", SPAN_OF_RUN);
    Span end = schedule.value("end", SPAN_OF_RUN);
    if (schedule.isSound("begin") && schedule.isSound("end") && isAfter(begin, end)) {
      schedule.note(
          "begin",
          "begin must not be after end: %s, %s"
              .formatted(schedule.shown("begin"), schedule.shown("end")));
    }
    return new ScheduleConfig.Window(
        begin, end, schedule.value("updates", WHOLE), schedule.value("initial", SHARE));
  }

  /** Whether one span is longer than another of the same unit; spans of two units may be either. */
  private static boolean isAfter(Span span, Span other) {
    if (span instanceof Span.Steps a && other instanceof Span.Steps b) {
      return a.count() > b.count();
    }
    if (span instanceof Span.Epochs a && other instanceof Span.Epochs b) {
      return a.count() > b.count();
    }
    return span instanceof Span.Percent a
        && other instanceof Span.Percent b
        && a.value() > b.value();
  }
}
