package io.espalier.configs;

/** The rule that turns gradients into weight updates. */
public sealed interface OptimizerConfig {
  /** Factor of the decay of every parameter of rank 2 or more. */
  double weightDecay();

  /**
   * Stochastic gradient descent with momentum and L2 decay in the gradient: {@code v = μv + g},
   * {@code w = w − ηv}; with Nesterov along {@code g + μv}.
   */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements OptimizerConfig {
    public Sgd {
      new Rules()
          .require("momentum", momentum, isBelowOne(momentum), "at least 0 and below 1")
          .require("nesterov", nesterov, !nesterov || momentum != 0, "false where momentum is 0")
          .require("weight-decay", weightDecay, isShare(weightDecay), "from 0 to 1")
          .verify();
    }

    public Sgd(double momentum, double weightDecay) {
      this(momentum, false, weightDecay);
    }
  }

  /** Adam (Kingma and Ba, 2015), with bias correction and L2 decay in the gradient. */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerConfig {
    public Adam {
      adaptive(beta1, beta2, epsilon, weightDecay).verify();
    }
  }

  /**
   * Adam with decay apart from the gradient (Loshchilov and Hutter, "Decoupled Weight Decay
   * Regularization", 2019): each step first takes {@code ηλw} off the weights.
   */
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerConfig {
    public AdamW {
      adaptive(beta1, beta2, epsilon, weightDecay).verify();
    }
  }

  /** An optimizer that is a plug-in; the decay is added as its update rule says. */
  record Custom(MemberSettings settings, double weightDecay) implements OptimizerConfig {
    public Custom {
      new Rules()
          .require("weight-decay", weightDecay, isShare(weightDecay), "from 0 to 1")
          .require("kind", settings, settings.paths().isEmpty(), "without files")
          .verify();
    }
  }

  private static Rules adaptive(double beta1, double beta2, double epsilon, double weightDecay) {
    return new Rules()
        .require("beta1", beta1, isBelowOne(beta1), "at least 0 and below 1")
        .require("beta2", beta2, isBelowOne(beta2), "at least 0 and below 1")
        .require("epsilon", epsilon, epsilon >= 1e-16 && epsilon < 1, "from 1e-16 to below 1")
        .require("weight-decay", weightDecay, isShare(weightDecay), "from 0 to 1");
  }

  private static boolean isBelowOne(double value) {
    return value >= 0 && value < 1;
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }
}
