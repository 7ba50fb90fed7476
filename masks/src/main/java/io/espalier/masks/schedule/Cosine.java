package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;

/** {@code s = sf + (si − sf)(1 + cos πx)/2}: flat at both ends. */
final class Cosine implements GradualProvider {
  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public Curve curve(MemberSettings settings) {
    return (x, initial, last) -> last + (initial - last) * (1 + StrictMath.cos(Math.PI * x)) / 2;
  }
}
