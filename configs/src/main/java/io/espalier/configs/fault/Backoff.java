package io.espalier.configs.fault;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off: attempt n waits for min(cap, base · 2ⁿ), or with full jitter for a time
 * drawn evenly from 0 to that bound, so that clients of a lost server do not return together
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Not thread-safe.
 */
public final class Backoff {
  private final Duration base;
  private final Duration cap;
  private final DoubleSupplier share;
  private int failures;

  private Backoff(Duration base, Duration cap, DoubleSupplier share) {
    if (base.isNegative() || base.isZero() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "back-off must start above 0 and not above its cap: base=%s, cap=%s"
              .formatted(base, cap));
    }
    this.base = base;
    this.cap = cap;
    this.share = share;
  }

  /** Waits that double from {@code base} to {@code cap}. */
  public static Backoff exponential(Duration base, Duration cap) {
    return new Backoff(base, cap, () -> 1);
  }

  /** Adds full jitter, drawn from {@code random}. */
  public static Backoff jittered(Duration base, Duration cap, RandomGenerator random) {
    return new Backoff(base, cap, random::nextDouble);
  }

  public Duration next() {
    double bound = Math.min((double) cap.toNanos(), Math.scalb((double) base.toNanos(), failures));
    failures = Math.min(failures + 1, Double.MAX_EXPONENT / 2);
    return Duration.ofNanos((long) (share.getAsDouble() * bound));
  }

  public void reset() {
    failures = 0;
  }
}
