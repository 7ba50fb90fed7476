package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;

/** {@code s = si + (sf − si) x}: the same step at every update. */
final class Linear implements GradualProvider {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Curve curve(MemberSettings settings) {
    return Curve.polynomial(1);
  }
}
