package io.espalier.federation.server;

import io.espalier.federation.protocol.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a client last told of its work, so that whoever is slow to hear of it hears only the newest.
 * Within one round, steps that do not rise are no progress.
 *
 * <p>Not thread-safe.
 */
final class NewestProgress {
  /** From one progress that is taken to the next. */
  public static final Duration INTERVAL = Duration.ofMillis(500);

  private Progress last = Progress.newBuilder().setRound("\0").build();
  private boolean waits;
  private long freeNs;

  /** Nothing yet. */
  public NewestProgress(long nowNs) {
    freeNs = nowNs;
  }

  /**
   * Keeps a progress in place of the one that waits.
   *
   * @return nanoseconds after which it must be taken; empty if it is none, or the one that waited
   *     is to be taken already
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

  /** The one that waits. */
  public Optional<Progress> take(long nowNs) {
    if (!waits) {
      return Optional.empty();
    }
    waits = false;
    freeNs = nowNs + INTERVAL.toNanos();
    return Optional.of(last);
  }
}
