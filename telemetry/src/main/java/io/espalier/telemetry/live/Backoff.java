package io.espalier.telemetry.live;

/** Longer and longer times between attempts, in milliseconds. Not thread-safe. */
final class Backoff {
  private static final long FIRST_MS = 500;
  private static final long LONGEST_MS = 5_000;

  private long nextMs = FIRST_MS;

  long next() {
    long now = nextMs;
    nextMs = Math.min(LONGEST_MS, 2 * nextMs);
    return now;
  }

  void reset() {
    nextMs = FIRST_MS;
  }
}
