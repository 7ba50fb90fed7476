package io.espalier.configs.train;

import io.espalier.configs.Rules;
import io.espalier.configs.Span;

/** Learning rate as a function of the step. */
public sealed interface LearningRateConfig {
  /** The rate at the first step after any warm-up. */
  double initial();

  /** The same rate throughout. */
  record Constant(double initial) implements LearningRateConfig {
    public Constant {
      positive(initial).verify();
    }
  }

  /** Multiplied by {@code factor} after each {@code every}. */
  record Step(double initial, Span every, double factor) implements LearningRateConfig {
    public Step {
      positive(initial)
          .require("every", every, !every.isZero(), "longer than 0")
          .require("factor", factor, factor > 0 && factor <= 1, "above 0 and at most 1")
          .verify();
    }
  }

  /** Linear rise over {@code warmUp}, then half a cosine down to {@code last} at the end. */
  record Cosine(double initial, double last, Span warmUp) implements LearningRateConfig {
    public Cosine {
      positive(initial)
          .require("final", last, last >= 0 && last <= initial, "from 0 to initial")
          .verify();
    }
  }

  private static Rules positive(double initial) {
    return new Rules()
        .require("initial", initial, initial > 0 && Double.isFinite(initial), "above 0");
  }
}
