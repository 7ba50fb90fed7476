package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.PATH;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.DataConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.Span;
import io.espalier.configs.prune.AllocationConfig;
import io.espalier.configs.prune.GranularityConfig;
import io.espalier.configs.prune.MaskConfig;
import io.espalier.configs.prune.RegrowthConfig;
import io.espalier.configs.prune.ScheduleConfig;
import io.espalier.configs.prune.ScoreConfig;
import io.espalier.configs.train.LearningRateConfig;
import io.espalier.configs.train.OptimizerConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Everything that a recipe chooses by name: one registry per family, one line per method. */
final class Families {
  static final Family<DataConfig> DATA =
      Family.<DataConfig>named("data")
          .with("fashion-mnist", s -> data(s, Families::fashionMnist))
          .with("digits", s -> data(s, Families::digits))
          .with("csv", s -> data(s, Families::csv))
          .planned("idx", "kafka");

  static final Family<ModelConfig> MODEL =
      Family.<ModelConfig>named("model")
          .with("mlp", s -> new ModelConfig.Mlp(s.value("hidden", WHOLE.list())))
          .with("lenet-300-100", s -> new ModelConfig.LeNet300100())
          .with("lenet-5", s -> new ModelConfig.LeNet5())
          .with("resnet-8", s -> new ModelConfig.ResNet(8, s.value("width", WHOLE)))
          .planned("resnet-(14|20|26|32|38|44|50|56)", "onnx")
          .plannedKeys("weights");

  static final Family<OptimizerConfig> OPTIMIZER =
      Family.<OptimizerConfig>named("optimizer")
          .with("sgd", Families::sgd)
          .with("adam", Families::adam)
          .planned("adamw");

  static final Family<LearningRateConfig> LEARNING_RATE =
      Family.<LearningRateConfig>named("learning-rate")
          .with("constant", s -> new LearningRateConfig.Constant(s.value("initial", REAL)))
          .with("step", Families::step)
          .with("cosine", Families::cosine)
          .planned("one-cycle");

  static final Family<GranularityConfig> GRANULARITY =
      Family.<GranularityConfig>named("granularity")
          .with("weight", s -> GranularityConfig.WEIGHT)
          .planned("\\d+:\\d+", "n:m", "block.*", "channel", "filter", "head");

  static final Family<ScoreConfig> SCORE =
      Family.<ScoreConfig>named("score")
          .with("magnitude", s -> new ScoreConfig.Magnitude())
          .with("random", s -> new ScoreConfig.Random())
          .planned("taylor", "movement", "snip", "grasp", "synflow", "fisher", "wanda");

  static final Family<AllocationConfig> ALLOCATION =
      Family.<AllocationConfig>named("allocation")
          .with("uniform", s -> new AllocationConfig.Uniform())
          .with("global", s -> new AllocationConfig.Global())
          .with("er", s -> new AllocationConfig.ErdosRenyi(s.value("power", REAL)))
          .with("erk", s -> new AllocationConfig.ErdosRenyiKernel(s.value("power", REAL)))
          .planned("uniform-plus", "lamp", "owl", "dlp");

  static final Family<ScheduleConfig> SCHEDULE =
      Family.<ScheduleConfig>named("schedule")
          .with("constant", s -> new ScheduleConfig.Constant())
          .with("one-shot", s -> new ScheduleConfig.OneShot(s.value("begin", SPAN_OF_RUN)))
          .with("cubic", s -> new ScheduleConfig.Cubic(window(s)))
          .with("polynomial", Families::polynomial)
          .with("cosine", s -> new ScheduleConfig.Cosine(window(s)))
          .with("geometric", s -> new ScheduleConfig.Geometric(window(s)))
          .planned("iterative", "linear");

  static final Family<MaskConfig> MASK =
      Family.<MaskConfig>named("mask")
          .with("hard", s -> new MaskConfig.Hard())
          .with("soft", s -> new MaskConfig.Soft(s.value("masked-decay", REAL)))
          .with("annealed", Families::annealed);

  static final Family<MaskConfig.Shape> SHAPE =
      Family.<MaskConfig.Shape>named("shape")
          .with("linear", s -> MaskConfig.Shape.LINEAR)
          .with("cosine", s -> MaskConfig.Shape.COSINE)
          .with("exponential", s -> MaskConfig.Shape.EXPONENTIAL)
          .with("constant", s -> MaskConfig.Shape.CONSTANT);

  static final Family<RegrowthConfig> REGROWTH =
      Family.<RegrowthConfig>named("regrowth")
          .with("none", s -> RegrowthConfig.NONE)
          .planned("rigl", "set", "fedtiny");

  private Families() {}

  private static DataConfig data(
      Section data, Function<Section, ? extends DataConfig.Source> source) {
    return new DataConfig(
        data.part(source), data.value("batch-size", WHOLE), data.value("validation", SHARE));
  }

  private static DataConfig.FashionMnist fashionMnist(Section data) {
    return new DataConfig.FashionMnist(data.optional("path", PATH));
  }

  private static DataConfig.Digits digits(Section data) {
    return new DataConfig.Digits(data.value("test", SHARE));
  }

  private static DataConfig.Csv csv(Section csv) {
    return new DataConfig.Csv(
        csv.required("path", PATH, "a CSV file with a header row", Path.of("")),
        csv.required("label", TEXT, "the name or the index of the column to predict", ""),
        testSet(csv));
  }

  private static DataConfig.TestSet testSet(Section csv) {
    Optional<Path> file = csv.optional("test-path", PATH);
    if (file.isPresent() && csv.at("test").isPresent()) {
      csv.note(
          "test",
          "test and test-path must not both be given: %s, %s"
              .formatted(csv.shown("test"), csv.shown("test-path")));
    }
    return file.<DataConfig.TestSet>map(DataConfig.TestSet.File::new)
        .orElseGet(() -> new DataConfig.TestSet.Share(csv.value("test", SHARE)));
  }

  private static OptimizerConfig sgd(Section sgd) {
    return new OptimizerConfig.Sgd(sgd.value("momentum", REAL), sgd.value("weight-decay", REAL));
  }

  private static OptimizerConfig adam(Section adam) {
    return new OptimizerConfig.Adam(
        adam.value("beta1", REAL),
        adam.value("beta2", REAL),
        adam.value("epsilon", REAL),
        adam.value("weight-decay", REAL));
  }

  private static LearningRateConfig step(Section step) {
    return new LearningRateConfig.Step(
        step.value("initial", REAL), step.value("every", SPAN_OF_RUN), step.value("factor", REAL));
  }

  private static LearningRateConfig cosine(Section cosine) {
    return new LearningRateConfig.Cosine(
        cosine.value("initial", REAL),
        cosine.value("final", REAL),
        cosine.value("warm-up", SPAN_OF_RUN));
  }

  private static MaskConfig annealed(Section mask) {
    return new MaskConfig.Annealed(
        mask.value("initial-temperature", REAL),
        SHAPE.read(mask, "shape"),
        mask.value("over", SPAN_OF_RUN));
  }

  private static ScheduleConfig polynomial(Section schedule) {
    return new ScheduleConfig.Polynomial(
        schedule.part(Families::window), schedule.value("power", REAL));
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
