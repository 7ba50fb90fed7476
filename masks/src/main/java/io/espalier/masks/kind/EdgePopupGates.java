package io.espalier.masks.kind;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import java.nio.FloatBuffer;
import java.util.List;

/** The best of {@link EdgePopupMask}'s scores beside one weight, as many as its mask keeps. */
record EdgePopupGates(MaskedWeight weight, boolean rescale) implements GateView {
  @Override
  public void factors(StepFactors of) {
    Mask open = of.purpose() == Purpose.TRAINING ? best(of.auxiliary().get(0)) : weight.kept();
    Rescaling.write(open, rescale, of.factors());
  }

  private Mask best(FloatBuffer scores) {
    if (weight.isDense()) {
      return weight.kept();
    }
    float[] values = new float[scores.limit()];
    scores.get(0, values);
    Mask all = Mask.allKept(values.length);
    return Ranking.of(List.of(values), List.of(all)).top(List.of(weight.kept().kept())).get(0);
  }

  /** Straight through: {@code ∂L/∂s = ∂L/∂ŵ · w}. */
  @Override
  public void backward(StepGradients of) {
    FloatBuffer gradient = of.auxiliaryGradients().get(0);
    for (int unit = 0; unit < gradient.limit(); unit++) {
      gradient.put(unit, of.gradient().get(unit) * of.weight().get(unit));
    }
  }
}
