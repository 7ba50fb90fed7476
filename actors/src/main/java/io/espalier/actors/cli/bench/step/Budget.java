package io.espalier.actors.cli.bench.step;

import java.util.Locale;

/**
 * A bound on a measured ratio.
 *
 * @param upper whether it is the largest allowed value; else the smallest
 */
record Budget(double bound, boolean upper) {
  static Budget atMost(double bound) {
    return new Budget(bound, true);
  }

  static Budget atLeast(double bound) {
    return new Budget(bound, false);
  }

  boolean holds(double value) {
    return upper ? value <= bound : value >= bound;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", upper ? "≤" : "≥", bound);
  }
}
