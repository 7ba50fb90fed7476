package io.espalier.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import io.espalier.configs.train.OptimizerConfig;
import java.util.List;

/**
 * Turns one parameter's gradient into an update of its weights, in place. Temporaries belong to the
 * caller's {@code NDScope}. Stateless: moments are kept by the caller.
 */
public sealed interface Optimizer permits Sgd, Adam {
  /** Moments that each trainable parameter keeps, all starting at 0. */
  int moments();

  /**
   * Updates {@code weight} and {@code moments}; {@code gradient} is consumed.
   *
   * @param step completed steps before this one
   */
  void update(NDArray weight, NDArray gradient, List<NDArray> moments, long step, double rate);

  static Optimizer of(OptimizerConfig config) {
    if (config instanceof OptimizerConfig.Sgd sgd) {
      return new Sgd(sgd.momentum());
    }
    if (config instanceof OptimizerConfig.Adam adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    }
    throw new IllegalArgumentException("no optimizer for this configuration: config=" + config);
  }
}
