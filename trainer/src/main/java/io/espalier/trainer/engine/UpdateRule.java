package io.espalier.trainer.engine;

import io.espalier.configs.OptimizerConfig;

/** How a gradient changes weights and moments, unit by unit. Stateless. */
sealed interface UpdateRule permits Sgd, Adam {
  /** Moments that each trainable parameter keeps, all starting at 0. */
  int moments();

  /**
   * Updates weight and moments of {@code piece} and consumes its gradient.
   *
   * @param completed steps before this one
   */
  void apply(ParameterSlice piece, long completed, double rate);

  static UpdateRule of(OptimizerConfig config) {
    if (config instanceof OptimizerConfig.Sgd sgd) {
      return new Sgd(sgd.momentum(), sgd.nesterov());
    }
    if (config instanceof OptimizerConfig.Adam adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    }
    if (config instanceof OptimizerConfig.AdamW adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    }
    throw new IllegalArgumentException("no optimizer for this configuration: config=" + config);
  }
}
