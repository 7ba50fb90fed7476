package io.espalier.masks.schedule;

/** Course of a gradual schedule between its two sparsities. */
@FunctionalInterface
interface Curve {
  /** Sparsity at progress {@code x} in [0, 1) on the way from {@code initial} to {@code last}. */
  double at(double x, double initial, double last);

  /** Steep first and flat in the end; 3 is cubic (Zhu and Gupta), 1 linear. */
  static Curve polynomial(double power) {
    return (x, initial, last) -> last + (initial - last) * StrictMath.pow(1 - x, power);
  }
}
