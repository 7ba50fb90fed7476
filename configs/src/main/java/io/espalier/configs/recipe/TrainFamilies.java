package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.text.Notation.REAL;
import static io.espalier.configs.recipe.text.Notation.SPAN_OF_RUN;

import io.espalier.configs.recipe.text.Family;
import io.espalier.configs.recipe.text.Section;
import io.espalier.configs.train.LearningRateConfig;
import io.espalier.configs.train.OptimizerConfig;

/** The registries of optimizers and learning rates: one line per method. */
final class TrainFamilies {
  static final Family<OptimizerConfig> OPTIMIZER =
      Family.<OptimizerConfig>named("optimizer")
          .with("sgd", TrainFamilies::sgd)
          .with("adam", TrainFamilies::adam)
          .planned("adamw");

  static final Family<LearningRateConfig> LEARNING_RATE =
      Family.<LearningRateConfig>named("learning-rate")
          .with("constant", s -> new LearningRateConfig.Constant(s.value("initial", REAL)))
          .with("step", TrainFamilies::step)
          .with("cosine", TrainFamilies::cosine)
          .planned("one-cycle");

  private TrainFamilies() {}

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
}
