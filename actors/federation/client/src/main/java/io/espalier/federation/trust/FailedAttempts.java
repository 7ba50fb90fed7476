package io.espalier.federation.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failed enrolments per address and minute, so that guessing tokens is expensive. Holds a
 * bounded number of addresses, those of the latest failures. Thread-safe.
 */
final class FailedAttempts {
  /** Failures of one address within a minute before it is blocked. */
  static final int MOST = 10;

  private static final int MOST_ADDRESSES = 4096;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<String, Attempts> byAddress = new LinkedHashMap<>();
  private final InstantSource clock;

  private record Attempts(Instant since, int count) {}

  FailedAttempts(InstantSource clock) {
    this.clock = clock;
  }

  synchronized boolean isBlocked(String address) {
    Attempts attempts = byAddress.get(address);
    return attempts != null && isRecent(attempts) && attempts.count() >= MOST;
  }

  synchronized void count(String address) {
    Attempts old = byAddress.remove(address);
    byAddress.put(
        address,
        old != null && isRecent(old)
            ? new Attempts(old.since(), old.count() + 1)
            : new Attempts(clock.instant(), 1));
    if (byAddress.size() > MOST_ADDRESSES) {
      byAddress.remove(byAddress.keySet().iterator().next());
    }
  }

  private boolean isRecent(Attempts attempts) {
    return clock.instant().isBefore(attempts.since().plus(WINDOW));
  }
}
