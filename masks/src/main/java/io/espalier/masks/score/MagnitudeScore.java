package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;

/** Absolute value of the weight ("Learning both weights and connections", Han et al., 2015). */
final class MagnitudeScore implements ScoreProvider {
  @Override
  public String name() {
    return "magnitude";
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return (of, scores) -> {
      float[] weights = of.weights();
      for (int unit = 0; unit < weights.length; unit++) {
        scores[unit] = Math.abs(weights[unit]);
      }
    };
  }
}
