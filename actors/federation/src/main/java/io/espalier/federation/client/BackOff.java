package io.espalier.federation.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential back-off with full jitter (Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Attempt n waits for a time drawn
 * evenly from 0 to min(cap, base · 2ⁿ), so that devices that lost their server together do not come
 * back together. Not thread-safe.
 */
final class BackOff {
  private final Duration base;
  private final Duration cap;
  private final RandomGenerator random;
  private int failures;

  /**
   * No failure yet.
   *
   * @param base bound of the first wait
   * @param cap bound of all waits
   */
  public BackOff(Duration base, Duration cap, RandomGenerator random) {
    if (base.isNegative() || base.isZero() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "back-off must start above 0 and not above its cap: base=%s, cap=%s"
              .formatted(base, cap));
    }
    this.base = base;
    this.cap = cap;
    this.random = random;
  }

  /** An attempt has failed: the time to wait before the next. */
  public Duration next() {
    double bound = Math.min((double) cap.toNanos(), Math.scalb((double) base.toNanos(), failures));
    failures = Math.min(failures + 1, Double.MAX_EXPONENT / 2);
    return Duration.ofNanos((long) (random.nextDouble() * bound));
  }

  /** An attempt has succeeded. */
  public void reset() {
    failures = 0;
  }
}
