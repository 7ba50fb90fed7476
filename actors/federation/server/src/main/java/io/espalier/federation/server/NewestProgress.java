package io.espalier.federation.server;

import io.espalier.federation.protocol.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The newest progress of a client, for a handler that takes it at intervals. Within one round, step
 * counts that do not rise are no progress. Not thread-safe.
 */
final class NewestProgress {
  public static final Duration INTERVAL = Duration.ofMillis(500);

  private Progress last = Progress.newBuilder().setRound("\0").build();
  private boolean waits;
  private long freeNs;

  public NewestProgress(long nowNs) {
    freeNs = nowNs;
  }

  /**
   * Stores the newest progress. Returns nanoseconds until it must be taken; empty if it is ignored
   * or a take is already due.
   */
  public OptionalLong offer(Progress progress, long nowNs) {
    boolean rises =
        !progress.getRound().equals(last.getRound())
            || Long.compareUnsigned(progress.getDoneSteps(), last.getDoneSteps()) > 0;
    if (!rises) {
      return OptionalLong.empty();
    }
    last = progress;
    if (waits) {
      return OptionalLong.empty();
    }
    waits = true;
    return OptionalLong.of(Math.max(0, freeNs - nowNs));
  }

  public Optional<Progress> take(long nowNs) {
    if (!waits) {
      return Optional.empty();
    }
    waits = false;
    freeNs = nowNs + INTERVAL.toNanos();
    return Optional.of(last);
  }
}
