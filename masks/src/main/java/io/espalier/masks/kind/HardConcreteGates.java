package io.espalier.masks.kind;

import io.espalier.masks.random.CounterRandom;
import java.nio.FloatBuffer;

/**
 * The gates of {@link HardConcreteMask} of one weight: {@code z = min(1, max(0, s(ζ − γ) + γ))}
 * with {@code s = σ((ln u − ln(1 − u) + a)/β)}, of a trained {@code a} and {@code β = 2/3}.
 */
record HardConcreteGates(MaskedWeight weight, double multiplierRate) implements GateView {
  private static final double STRETCH_FROM = -0.1;
  private static final double STRETCH_TO = 1.1;
  private static final double STRETCH = STRETCH_TO - STRETCH_FROM;
  private static final double INVERSE_BETA = 1.5;

  /** {@code −β ln(−γ/ζ)}. */
  private static final double OPEN_SHIFT = 1.598597;

  private static final double LEAST_DRAW = 1e-6;

  /** Trained values stay within it: {@code ln 100}. */
  private static final float LIMIT = 4.605170f;

  @Override
  public void factors(StepFactors of) {
    FloatBuffer trained = of.auxiliary().get(0);
    boolean trains = of.purpose() == Purpose.TRAINING;
    CounterRandom draws = draws(of.step());
    for (int unit = 0; unit < trained.limit(); unit++) {
      double gate;
      if (trains) {
        float within = Math.max(-LIMIT, Math.min(LIMIT, trained.get(unit)));
        trained.put(unit, within);
        gate = stretched(concrete(within, draw(draws, unit)));
      } else {
        gate = weight.kept().isKept(unit) ? ofEvaluation(trained.get(unit)) : 0;
      }
      of.factors().put(unit, (float) gate);
    }
  }

  private CounterRandom draws(long step) {
    return CounterRandom.of(weight.seed(), weight.trainer(), weight.index(), step);
  }

  private static double draw(CounterRandom draws, int unit) {
    return Math.max(LEAST_DRAW, Math.min(1 - LEAST_DRAW, draws.uniform(unit)));
  }

  /** {@code s} of a trained value and a draw: with {@code 1/β = 1.5} a root in place of a power. */
  static double concrete(double trained, double draw) {
    double odds = (1 - draw) / draw;
    return 1 / (1 + odds * Math.sqrt(odds) * Logistic.exp(-INVERSE_BETA * trained));
  }

  /** {@code z} of an {@code s}. */
  static double stretched(double concrete) {
    return Math.min(1, Math.max(0, concrete * STRETCH + STRETCH_FROM));
  }

  /** The gate of an evaluation, without a draw. */
  static double ofEvaluation(double trained) {
    return stretched(Logistic.sigmoid(trained));
  }

  /** The probability that a gate is not 0. */
  static double open(double trained) {
    return Logistic.sigmoid(trained + OPEN_SHIFT);
  }

  @Override
  public void backward(StepGradients of) {
    FloatBuffer trained = of.auxiliary().get(0);
    FloatBuffer gradient = of.auxiliaryGradients().get(0);
    CounterRandom draws = draws(of.step());
    double squares = 0;
    for (int unit = 0; unit < trained.limit(); unit++) {
      double slope = slope(trained.get(unit), draw(draws, unit));
      float along = (float) (slope * of.gradient().get(unit) * of.weight().get(unit));
      gradient.put(unit, along);
      squares += (double) along * along;
    }
    charge(of, Math.sqrt(squares / trained.limit()));
  }

  /** {@code ∂z/∂a}: 0 where {@code z} is cut off. */
  static double slope(double trained, double draw) {
    double s = concrete(trained, draw);
    double z = s * STRETCH + STRETCH_FROM;
    return z > 0 && z < 1 ? STRETCH * INVERSE_BETA * s * (1 - s) : 0;
  }

  /**
   * Adds the price of open gates, which counts in {@code unit}: the root mean square of the loss's
   * gradient, so that it means the same in every layer. Then moves the price.
   */
  private void charge(StepGradients of, double unit) {
    FloatBuffer trained = of.auxiliary().get(0);
    FloatBuffer gradient = of.auxiliaryGradients().get(0);
    FloatBuffer price = of.auxiliary().get(1);
    double expected = 0;
    for (int i = 0; i < trained.limit(); i++) {
      double open = open(trained.get(i));
      expected += open;
      gradient.put(i, (float) (gradient.get(i) + price.get(0) * unit * open * (1 - open)));
    }
    double over = (expected - weight.kept().kept()) / trained.limit();
    price.put(0, (float) Math.max(0, price.get(0) + multiplierRate * over));
  }
}
