package io.espalier.masks;

/**
 * Shares as exact numbers of units. Plain floors fail in doubles: {@code floor(.29 * 100)} is 28.
 * The absolute tolerance mends that, the relative one does so above 30 million units.
 */
public final class Counts {
  private static final double RELATIVE = 1e-12;
  private static final double ABSOLUTE = 1e-9;

  private Counts() {}

  /** Whole units in a share in [0, 1] of n: {@code floor(share · n · (1 + 1e-12) + 1e-9)}. */
  public static long within(double share, long units) {
    requireShare(share);
    return Math.min(units, (long) Math.floor(share * units * (1 + RELATIVE) + ABSOLUTE));
  }

  /** Units pruned at a sparsity in [0, 1]: those {@link #within} that share. */
  public static long pruned(double sparsity, long units) {
    return within(sparsity, units);
  }

  public static long kept(double sparsity, long units) {
    return units - pruned(sparsity, units);
  }

  /** Units of a parameter that are never pruned: {@code ceil(share · n)}, at least one. */
  public static int minKeep(double share, int units) {
    requireShare(share);
    return Math.max(1, (int) Math.ceil(share * units * (1 - RELATIVE) - ABSOLUTE));
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of units must be from 0 to 1: share=" + share);
    }
  }
}
