package io.espalier.trainer.sparse;

/**
 * Decides whether threads divide a pass, by the time that it took before, alone and divided: where
 * other programs need the cores, threads that wait for each other are the slower. It tries the
 * slower way again after ever more passes, unless that has become the faster.
 */
final class Pace {
  private static final int OFTEN = 16;
  private static final int SELDOM = 1_024;

  /** The share of a pass that took longer than expected in the next expectation. */
  private static final double CAUTION = 0.2;

  private double alone = Double.NaN;
  private double divided = Double.NaN;
  private int interval = OFTEN;
  private int passes;

  boolean divides() {
    if (Double.isNaN(divided) || Double.isNaN(alone)) {
      return Double.isNaN(divided);
    }
    passes++;
    return passes >= interval ? !isDividedFaster() : isDividedFaster();
  }

  private boolean isDividedFaster() {
    return divided < alone;
  }

  /** Takes the time of a pass, relative to its work. */
  void took(boolean wasDivided, double time) {
    boolean before = isDividedFaster();
    if (wasDivided) {
      divided = expected(divided, time);
    } else {
      alone = expected(alone, time);
    }
    if (isDividedFaster() != before) {
      interval = OFTEN;
      passes = 0;
    } else if (passes >= interval) {
      interval = Math.min(SELDOM, 2 * interval);
      passes = 0;
    }
  }

  private static double expected(double before, double time) {
    return before < time ? before + CAUTION * (time - before) : time;
  }
}
