package io.espalier.service.client;

import java.time.Duration;

/** Waits that double from a first to a longest one. Not thread-safe. */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** Waits, and longer the next time. */
  public void pause() throws InterruptedException {
    Thread.sleep(next.toMillis());
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(longest) < 0 ? twice : longest;
  }

  /** Begins anew with the first wait. */
  public void reset() {
    next = first;
  }
}
