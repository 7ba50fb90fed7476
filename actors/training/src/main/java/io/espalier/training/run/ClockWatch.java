package io.espalier.training.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Compares the wall clock with the time that passes, and reports each step of the wall clock: by
 * hand, by a time service, or in a virtual machine that was suspended. Not thread-safe.
 */
final class ClockWatch {
  /** A time service slews smaller differences, and events stay in order with them. */
  static final Duration LEAST_STEP = Duration.ofSeconds(30);

  private final LongSupplier wallMs;
  private final LongSupplier elapsedNs;
  private long differenceMs;

  ClockWatch(LongSupplier wallMs, LongSupplier elapsedNs) {
    this.wallMs = wallMs;
    this.elapsedNs = elapsedNs;
    this.differenceMs = difference();
  }

  /** How the wall clock stepped since the call before, if by {@link #LEAST_STEP} or more. */
  Optional<String> step() {
    long now = difference();
    Duration step = Duration.ofMillis(now - differenceMs);
    if (step.abs().compareTo(LEAST_STEP) < 0) {
      return Optional.empty();
    }
    differenceMs = now;
    return Optional.of(
        "the wall clock went %s by %d s: times of events before and after do not compare; steps, deadlines and results do not depend on it"
            .formatted(
                step.isNegative() ? "back" : "forward", Math.round(step.abs().toMillis() / 1e3)));
  }

  private long difference() {
    return wallMs.getAsLong() - Duration.ofNanos(elapsedNs.getAsLong()).toMillis();
  }
}
