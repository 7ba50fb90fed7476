package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.AverageConfig;
import io.espalier.configs.EngineConfig;
import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.KeepConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.configs.StopEarlyConfig;
import io.espalier.configs.WhenDiskFull;
import io.espalier.configs.plugin.PluginKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The registries of optimizers and learning rates: one line per method. */
final class TrainFamilies {
  private static final String WEIGHT_DECAY = "weight-decay";
  private static final String WARM_UP = "warm-up";

  static final Family<OptimizerConfig> OPTIMIZER =
      Family.<OptimizerConfig>named("optimizer")
          .with("sgd", TrainFamilies::sgd)
          .with("adam", s -> adaptive(s, OptimizerConfig.Adam::new))
          .with("adamw", s -> adaptive(s, OptimizerConfig.AdamW::new))
          .plugins(
              PluginKind.OPTIMIZER,
              (s, own) -> new OptimizerConfig.Custom(own, s.value(WEIGHT_DECAY, REAL, 0.0)),
              WEIGHT_DECAY);

  static final Family<LearningRateConfig> LEARNING_RATE =
      Family.<LearningRateConfig>named("learning-rate")
          .with("constant", TrainFamilies::constant)
          .with("step", TrainFamilies::step)
          .with("cosine", TrainFamilies::cosine)
          .with("one-cycle", TrainFamilies::oneCycle)
          .plugins(
              PluginKind.LEARNING_RATE,
              (s, own) ->
                  new LearningRateConfig.Custom(
                      own, s.value(WARM_UP, SPAN_OF_RUN, new Span.Steps(0))),
              WARM_UP);

  static final Family<WhenDiskFull> WHEN_DISK_FULL =
      Family.of("when-disk-full", WhenDiskFull.class);

  static final Family<KeepConfig.Masks> KEEP_MASKS =
      Family.of("keep-masks", KeepConfig.Masks.class);

  static final Family<ExecutionConfig> EXECUTION =
      Family.of("execution", ExecutionConfig.class).with("sparse", section -> ExecutionConfig.JAVA);

  static final Family<EngineConfig.Capability> CAPABILITY =
      Family.of("capability", EngineConfig.Capability.class);

  static final Family<EngineConfig.Mismatch> CAPABILITY_MISMATCH =
      Family.of("capability-mismatch", EngineConfig.Mismatch.class);

  static final Family<Optional<StopEarlyConfig>> STOP_EARLY =
      Family.<Optional<StopEarlyConfig>>named("stop-early")
          .with("none", never -> Optional.empty())
          .with("plateau", plateau -> Optional.of(plateau(plateau)));

  static final Family<Optional<AverageConfig>> AVERAGE =
      Family.<Optional<AverageConfig>>named("average")
          .with("none", last -> Optional.empty())
          .with("ema", ema -> Optional.of(new AverageConfig(ema.value("decay", REAL))));

  static final Family<MemberSettings> OBJECTIVE = Family.members("objective", PluginKind.OBJECTIVE);

  static final Family<MemberSettings> RULE = Family.members("rule", PluginKind.RULE);

  private static final String RULES =
      "a list of step rules, such as [{ kind = group-lasso, strength = 1e-4 }]";

  private TrainFamilies() {}

  /** The step rules of a recipe; recorded only where it has the key. */
  static List<MemberSettings> rules(Section train, String key) {
    if (train.at(key).isEmpty()) {
      return List.of();
    }
    Section items = train.items(key, RULES);
    List<MemberSettings> rules = new ArrayList<>();
    for (int i = 0; i < items.keys().size(); i++) {
      rules.add(RULE.read(items, key + "[" + i + "]"));
    }
    train.resolve(key, List.copyOf(items.resolved().values()));
    return rules;
  }

  private interface Adaptive {
    OptimizerConfig of(double beta1, double beta2, double epsilon, double weightDecay);
  }

  private static OptimizerConfig adaptive(Section adam, Adaptive constructor) {
    return constructor.of(
        adam.value("beta1", REAL),
        adam.value("beta2", REAL),
        adam.value("epsilon", REAL),
        adam.value(WEIGHT_DECAY, REAL));
  }

  private static StopEarlyConfig plateau(Section plateau) {
    return new StopEarlyConfig(plateau.value("patience", WHOLE), plateau.value("min-gain", SHARE));
  }

  private static OptimizerConfig sgd(Section sgd) {
    return new OptimizerConfig.Sgd(
        sgd.value("momentum", REAL), sgd.value("nesterov", FLAG), sgd.value(WEIGHT_DECAY, REAL));
  }

  private static LearningRateConfig constant(Section constant) {
    return new LearningRateConfig.Constant(constant.value("initial", REAL), warmUp(constant));
  }

  private static LearningRateConfig step(Section step) {
    return new LearningRateConfig.Step(
        step.value("initial", REAL),
        step.value("every", SPAN_OF_RUN),
        step.value("factor", REAL),
        warmUp(step));
  }

  private static LearningRateConfig cosine(Section cosine) {
    return new LearningRateConfig.Cosine(
        cosine.value("initial", REAL), cosine.value("final", REAL), warmUp(cosine));
  }

  private static LearningRateConfig oneCycle(Section cycle) {
    return new LearningRateConfig.OneCycle(
        cycle.value("max", REAL),
        cycle.value("div", REAL),
        cycle.value("final-div", REAL),
        warmUp(cycle));
  }

  private static Span warmUp(Section learningRate) {
    return learningRate.value(WARM_UP, SPAN_OF_RUN);
  }
}
