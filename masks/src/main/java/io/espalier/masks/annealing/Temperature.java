package io.espalier.masks.annealing;

/**
 * Probability with which a pruned unit takes part in a step, as a function of the time since it was
 * pruned ("Stochastic subnetwork annealing", Whitaker and Whitley, 2024).
 *
 * @param initial right after the update that pruned the unit, from 0 to 1
 * @param overSteps steps until it is exactly 0
 */
public record Temperature(Shape shape, double initial, long overSteps) {
  /** The course from the initial temperature to 0. */
  public enum Shape {
    LINEAR,
    COSINE,
    /** Falls to 0.01, or stays at the initial temperature if that is lower, then drops to 0. */
    EXPONENTIAL,
    /** Stays at the initial temperature, then falls to 0. */
    CONSTANT
  }

  /** Where the exponential course ends before it drops to 0, unless it starts lower. */
  private static final double EXPONENTIAL_END = 0.01;

  public Temperature {
    if (!(initial >= 0 && initial <= 1) || overSteps < 0) {
      throw new IllegalArgumentException(
          "a temperature must be from 0 to 1 over 0 or more steps: initial=%s, overSteps=%d"
              .formatted(initial, overSteps));
    }
  }

  /** Temperature in [0, 1]; exactly 0 from {@code overSteps} on. */
  public double at(long stepsSincePruned) {
    if (stepsSincePruned < 0) {
      throw new IllegalArgumentException(
          "a unit must be pruned before it anneals: stepsSincePruned=" + stepsSincePruned);
    }
    if (stepsSincePruned >= overSteps || initial == 0) {
      return 0;
    }
    double progress = (double) stepsSincePruned / overSteps;
    return switch (shape) {
      case LINEAR -> initial * (1 - progress);
      case COSINE -> initial * (1 + StrictMath.cos(Math.PI * progress)) / 2;
      case EXPONENTIAL ->
          initial * StrictMath.pow(Math.min(initial, EXPONENTIAL_END) / initial, progress);
      case CONSTANT -> initial;
    };
  }
}
