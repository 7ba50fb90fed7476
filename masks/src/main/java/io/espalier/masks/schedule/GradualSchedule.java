package io.espalier.masks.schedule;

import java.util.stream.LongStream;

/**
 * Rises along a curve in evenly spaced updates ("To prune, or not to prune", Zhu and Gupta, 2017).
 *
 * @param updates updates after {@code begin}, the last at {@code end}
 */
record GradualSchedule(long begin, long end, int updates, double initial, double last, Curve curve)
    implements Schedule {
  @Override
  public double sparsityAt(long step) {
    if (step < begin) {
      return 0;
    }
    if (step >= end) {
      return last;
    }
    return curve.at((double) (step - begin) / (end - begin), initial, last);
  }

  /** In a window of fewer steps than updates, every step has one. */
  @Override
  public LongStream updateSteps() {
    long length = end - begin;
    if (length == 0) {
      return LongStream.of(begin);
    }
    long count = Math.min(updates, length);
    LongStream gradual =
        LongStream.rangeClosed(1, count)
            .map(k -> begin + (long) Math.floor((double) k * length / count + 1e-9));
    return initial > 0 ? LongStream.concat(LongStream.of(begin), gradual) : gradual;
  }
}
