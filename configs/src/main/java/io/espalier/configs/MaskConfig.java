package io.espalier.configs;

/** How a mask acts on the weights that it prunes. */
public sealed interface MaskConfig {
  /** Pruned weights are 0 from then on. */
  record Hard() implements MaskConfig {}

  /**
   * Pruned weights are hidden from the forward pass but keep learning from the straight-through
   * gradient, and may return until the last update. {@code maskedDecay} is extra L2 decay on them.
   */
  record Soft(double maskedDecay) implements MaskConfig {
    public Soft {
      new Rules()
          .require("masked-decay", maskedDecay, maskedDecay >= 0 && maskedDecay <= 1, "from 0 to 1")
          .verify();
    }
  }

  /**
   * Pruned weights take part in a step with a probability that falls from the initial temperature
   * to 0 {@code over} a span (stochastic subnetwork annealing, Whitaker and Whitley, 2024).
   */
  record Annealed(double initialTemperature, Shape shape, Span over) implements MaskConfig {
    public Annealed {
      new Rules()
          .require(
              "initial-temperature",
              initialTemperature,
              initialTemperature >= 0 && initialTemperature <= 1,
              "from 0 to 1")
          .verify();
    }
  }

  enum Shape {
    LINEAR,
    COSINE,
    /** Falls to 0.01, or stays at the initial temperature if that is lower, then drops to 0. */
    EXPONENTIAL,
    /** Stays at the initial temperature, then falls to 0. */
    CONSTANT
  }
}
