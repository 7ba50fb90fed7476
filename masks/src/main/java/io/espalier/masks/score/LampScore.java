package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.selection.LayerShares;
import java.util.Optional;

/**
 * Magnitudes on one scale for all layers, as {@link LayerShares}: under a global allocation no
 * layer collapses, since the largest weight of each scores 1 (LAMP, Lee et al., 2021).
 */
final class LampScore implements ScoreProvider {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public Optional<String> allocationOfMagnitudes() {
    return Optional.of("lamp");
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return (of, scores) -> {
      float[] weights = of.weights();
      for (int unit = 0; unit < weights.length; unit++) {
        scores[unit] = Math.abs(weights[unit]);
      }
      LayerShares.of(scores, of.candidates(), scores);
    };
  }
}
