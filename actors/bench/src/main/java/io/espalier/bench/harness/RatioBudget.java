package io.espalier.bench.harness;

import java.util.Locale;

/**
 * A bound on a measured ratio.
 *
 * @param upper whether it is the largest allowed value; else the smallest
 */
public record RatioBudget(double bound, boolean upper) {
  /** Values up to {@code bound} hold. */
  public static RatioBudget atMost(double bound) {
    return new RatioBudget(bound, true);
  }

  /** Values from {@code bound} on hold. */
  public static RatioBudget atLeast(double bound) {
    return new RatioBudget(bound, false);
  }

  public boolean holds(double value) {
    return upper ? value <= bound : value >= bound;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", upper ? "≤" : "≥", bound);
  }
}
