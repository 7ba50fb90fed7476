package io.espalier.masks.schedule;

import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Rises along a curve in evenly spaced updates ("To prune, or not to prune", Zhu and Gupta, 2017),
 * which may go on at the final sparsity ("Dynamic Model Pruning with Feedback", Lin, Stich, Barba,
 * Dmitriev and Jaggi, 2020).
 *
 * @param updates updates after {@code begin}, the last at {@code end}
 */
record GradualSchedule(
    long begin,
    long end,
    int updates,
    double initial,
    double last,
    Curve curve,
    Optional<Feedback> feedback)
    implements Schedule {

  /** Updates after the end, {@code every} so many steps and at {@code freeze}, the last one. */
  record Feedback(long every, long freeze) {
    LongStream after(long end) {
      return LongStream.concat(
              LongStream.iterate(end + every, step -> step < freeze, step -> step + every),
              LongStream.of(freeze))
          .filter(step -> step > end);
    }
  }

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
    LongStream after = feedback.map(more -> more.after(end)).orElseGet(LongStream::empty);
    return LongStream.concat(untilEnd(), after);
  }

  private LongStream untilEnd() {
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
