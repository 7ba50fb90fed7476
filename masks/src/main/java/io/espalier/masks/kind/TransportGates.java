package io.espalier.masks.kind;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** The gates of {@link TransportMask} of one weight, which sum to its kept units. */
final class TransportGates implements GateView {
  /** Gates sum to their number within this share of it. */
  private static final double PRECISION = 1e-12;

  private static final int MOST_ROUNDS = 200;

  private final MaskedWeight weight;
  private final double from;
  private final double to;
  private final double[] gates;

  /** The temperature of the gates that {@link #gates} has. */
  private double temperature;

  TransportGates(MaskedWeight weight, double from, double to) {
    this.weight = weight;
    this.from = from;
    this.to = to;
    this.gates = new double[weight.kept().size()];
  }

  @Override
  public void factors(StepFactors of) {
    temperature = from * StrictMath.pow(to / from, weight.progress(of.step()));
    boolean trains = of.purpose() == Purpose.TRAINING;
    transport(of.auxiliary().get(0), temperature, weight.kept().kept(), gates);
    for (int unit = 0; unit < gates.length; unit++) {
      boolean open = trains || weight.kept().isKept(unit);
      of.factors().put(unit, open ? (float) gates[unit] : 0);
    }
  }

  /**
   * Writes {@code σ((2s − 1)/ε + b)} with the {@code b} by which they sum to {@code kept}: Newton's
   * steps, or halves of the interval where one would leave it.
   */
  static void transport(FloatBuffer scores, double temperature, int kept, double[] gates) {
    int all = gates.length;
    if (kept == 0 || kept == all) {
      Arrays.fill(gates, kept == 0 ? 0 : 1);
      return;
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int unit = 0; unit < all; unit++) {
      low = Math.min(low, scores.get(unit));
      high = Math.max(high, scores.get(unit));
    }
    // With all scores at one end, the logistic function of b would be kept / all.
    double even = Logistic.logit((double) kept / all);
    double least = even - (2 * high - 1) / temperature;
    double most = even - (2 * low - 1) / temperature;
    double shift = (least + most) / 2;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double sum = 0;
      double slope = 0;
      for (int unit = 0; unit < all; unit++) {
        double gate = Logistic.sigmoid((2.0 * scores.get(unit) - 1) / temperature + shift);
        gates[unit] = gate;
        sum += gate;
        slope += gate * (1 - gate);
      }
      double over = sum - kept;
      if (Math.abs(over) <= PRECISION * all) {
        return;
      }
      if (over > 0) {
        most = shift;
      } else {
        least = shift;
      }
      double newton = shift - over / slope;
      double next = newton > least && newton < most ? newton : (least + most) / 2;
      if (next == shift) {
        return;
      }
      shift = next;
    }
  }

  /** {@code ∂m/∂s = (2/ε) · (d[i=j] − d dᵀ / Σd)} with {@code d = m(1 − m)}. */
  @Override
  public void backward(StepGradients of) {
    double sum = 0;
    double pulled = 0;
    for (int unit = 0; unit < gates.length; unit++) {
      double slope = gates[unit] * (1 - gates[unit]);
      sum += slope;
      pulled += slope * pull(of, unit);
    }
    double mean = sum > 0 ? pulled / sum : 0;
    FloatBuffer gradient = of.auxiliaryGradients().get(0);
    for (int unit = 0; unit < gates.length; unit++) {
      double slope = gates[unit] * (1 - gates[unit]);
      gradient.put(unit, (float) (2 / temperature * slope * (pull(of, unit) - mean)));
    }
  }

  /** {@code ∂L/∂m}. */
  private static double pull(StepGradients of, int unit) {
    return (double) of.gradient().get(unit) * of.weight().get(unit);
  }
}
