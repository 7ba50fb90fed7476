package io.espalier.actors.cli.bench.figure;

import java.util.Locale;

/**
 * A bound on a measured ratio.
 *
 * @param upper whether it is the largest allowed value; else the smallest
 */
public record Budget(double bound, boolean upper) {
  /** Values up to {@code bound} hold. */
  public static Budget atMost(double bound) {
    return new Budget(bound, true);
  }

  /** Values from {@code bound} on hold. */
  public static Budget atLeast(double bound) {
    return new Budget(bound, false);
  }

  public boolean holds(double value) {
    return upper ? value <= bound : value >= bound;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", upper ? "≤" : "≥", bound);
  }
}
