package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;

/** Keeps the smallest weights: a control that every score must beat. */
final class InverseScore implements ScoreProvider {
  @Override
  public String name() {
    return "inverse";
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return (id, parameterIndex, weights, scores) -> {
      for (int unit = 0; unit < weights.length; unit++) {
        scores[unit] = 1 / (1 + Math.abs(weights[unit]));
      }
    };
  }
}
