package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomKeys;

/**
 * {@code ½ h w²} with the diagonal {@code h} of the Hessian, which signs drawn for all weights at
 * once estimate (LeCun, Denker and Solla, "Optimal brain damage", 1990). Negative where the loss
 * curves downwards.
 */
final class ObdScore implements ScoreProvider {
  @Override
  public String name() {
    return "obd";
  }

  @Override
  public CustomKeys keys() {
    return Probes.keys();
  }

  @Override
  public void check(MemberSettings settings) {
    Probes.check(settings);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new CurvatureScore(Probes.of(settings, seed));
  }
}
