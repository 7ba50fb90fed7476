package io.espalier.service.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * Steps per second of an attempt over about the last minute. The pace falls while no further step
 * is reported. Thread-safe.
 */
final class StepPace {
  private static final long WINDOW_NS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_MOMENTS = 64;

  private final Deque<Moment> moments = new ArrayDeque<>();

  private record Moment(long step, long timeNs) {}

  /** Notes completed steps; reports without a further step do not count. */
  synchronized void note(long step, long nowNs) {
    if (!moments.isEmpty() && step <= moments.getLast().step()) {
      return;
    }
    moments.addLast(new Moment(step, nowNs));
    while (moments.size() > MOST_MOMENTS
        || (moments.size() > 2 && nowNs - moments.getFirst().timeNs() > WINDOW_NS)) {
      moments.removeFirst();
    }
  }

  /** Returns the pace; empty before two moments are known. */
  synchronized OptionalDouble perSecond(long nowNs) {
    if (moments.size() < 2) {
      return OptionalDouble.empty();
    }
    Moment first = moments.getFirst();
    Moment last = moments.getLast();
    long usualNs = (last.timeNs() - first.timeNs()) / (moments.size() - 1);
    boolean late = nowNs - last.timeNs() > 2 * usualNs;
    long spanNs = Math.max(1, (late ? nowNs : last.timeNs()) - first.timeNs());
    return OptionalDouble.of(1e9 * (last.step() - first.step()) / spanNs);
  }
}
