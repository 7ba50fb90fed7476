package io.espalier.configs.train;

import io.espalier.configs.Rules;

/** The rule that turns gradients into weight updates. */
public sealed interface OptimizerConfig {
  /** Factor of the L2 term that is added to the gradient of every parameter of rank 2 or more. */
  double weightDecay();

  /** Stochastic gradient descent with heavy-ball momentum: {@code v = μv + g, w = w − ηv}. */
  record Sgd(double momentum, double weightDecay) implements OptimizerConfig {
    public Sgd {
      new Rules()
          .require("momentum", momentum, momentum >= 0 && momentum < 1, "at least 0 and below 1")
          .require("weight-decay", weightDecay, weightDecay >= 0 && weightDecay <= 1, "from 0 to 1")
          .verify();
    }
  }

  /** Adam (Kingma and Ba, 2015), with bias correction and L2 decay in the gradient. */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerConfig {
    public Adam {
      new Rules()
          .require("beta1", beta1, beta1 >= 0 && beta1 < 1, "at least 0 and below 1")
          .require("beta2", beta2, beta2 >= 0 && beta2 < 1, "at least 0 and below 1")
          .require("epsilon", epsilon, epsilon > 0 && epsilon < 1, "above 0 and below 1")
          .require("weight-decay", weightDecay, weightDecay >= 0 && weightDecay <= 1, "from 0 to 1")
          .verify();
    }
  }
}
