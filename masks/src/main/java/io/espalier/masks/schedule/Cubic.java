package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;

/** {@code s = sf + (si − sf)(1 − x)³} ("To prune, or not to prune", Zhu and Gupta, 2017). */
final class Cubic implements GradualProvider {
  @Override
  public String name() {
    return "cubic";
  }

  @Override
  public Curve curve(MemberSettings settings) {
    return Curve.polynomial(3);
  }
}
