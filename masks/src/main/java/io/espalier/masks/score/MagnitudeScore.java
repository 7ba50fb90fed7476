package io.espalier.masks.score;

import io.espalier.masks.ParameterId;

/** Absolute value of the weight ("Learning both weights and connections", Han et al., 2015). */
final class MagnitudeScore implements Score {
  @Override
  public void score(ParameterId id, int parameterIndex, float[] weights, float[] scores) {
    for (int unit = 0; unit < weights.length; unit++) {
      scores[unit] = Math.abs(weights[unit]);
    }
  }
}
