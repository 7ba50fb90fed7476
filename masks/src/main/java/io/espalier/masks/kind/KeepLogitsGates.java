package io.espalier.masks.kind;

import io.espalier.masks.Mask;
import io.espalier.masks.random.CounterRandom;
import java.nio.FloatBuffer;

/**
 * Samples of {@link KeepLogitsMask} of one weight: a kept unit is open where {@code l + ln u − ln(1
 * − u) > 0}, and logits learn from the gate {@code σ((l + ln u − ln(1 − u))/τ)} in its place.
 */
record KeepLogitsGates(MaskedWeight weight, double temperature, boolean rescale)
    implements GateView {
  @Override
  public void factors(StepFactors of) {
    Mask open = of.purpose() == Purpose.TRAINING ? sample(of) : weight.kept();
    Rescaling.write(open, rescale, of.factors());
  }

  private Mask sample(StepFactors of) {
    CounterRandom draws = draws(of.step());
    FloatBuffer logits = of.auxiliary().get(0);
    return Mask.of(
        logits.limit(),
        unit -> weight.kept().isKept(unit) && noisy(logits.get(unit), draws.uniform(unit)) > 0);
  }

  private CounterRandom draws(long step) {
    return CounterRandom.of(weight.seed(), weight.trainer(), weight.index(), step);
  }

  /** A logit with the noise of a draw, which is kept from 0 and 1. */
  static double noisy(double logit, double draw) {
    return logit + Logistic.logit(Math.max(1e-7, Math.min(1 - 1e-7, draw)));
  }

  /** The gate that logits learn from. */
  static double gate(double logit, double draw, double temperature) {
    return Logistic.sigmoid(noisy(logit, draw) / temperature);
  }

  @Override
  public void backward(StepGradients of) {
    CounterRandom draws = draws(of.step());
    FloatBuffer logits = of.auxiliary().get(0);
    FloatBuffer gradient = of.auxiliaryGradients().get(0);
    for (int unit = 0; unit < logits.limit(); unit++) {
      double gate = gate(logits.get(unit), draws.uniform(unit), temperature);
      double slope = gate * (1 - gate) / temperature;
      gradient.put(unit, (float) (slope * of.gradient().get(unit) * of.weight().get(unit)));
    }
  }
}
