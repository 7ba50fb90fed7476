package io.espalier.service.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many streams may be open, in all and per token. Thread-safe. */
public final class StreamLimiter {
  /** A stream that is over has handed over its last bytes; they still have to leave. */
  private static final Executor LAST_BYTES =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private final int most;
  private final int mostOfToken;
  private final Map<String, Integer> taken = new HashMap<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private boolean wereNone;
  private int all;
  private boolean closed;

  /** A stream's place. */
  public final class Taken {
    private final String token;
    private final AtomicBoolean released = new AtomicBoolean();

    private Taken(String token) {
      this.token = token;
    }

    /** Gives the place back; true the first time. */
    public boolean release() {
      boolean first = released.compareAndSet(false, true);
      if (first) {
        leave(token);
      }
      return first;
    }
  }

  public StreamLimiter(int most, int mostOfToken) {
    this.most = most;
    this.mostOfToken = mostOfToken;
  }

  /**
   * Takes a place.
   *
   * @throws ProblemException if there is none
   */
  public synchronized Taken take(String token) {
    if (closed) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the service ends; try again");
    }
    int ofToken = taken.getOrDefault(token, 0);
    if (all >= most || ofToken >= mostOfToken) {
      throw new ProblemException(
          ProblemKind.TOO_MANY_STREAMS,
          "at most %d streams may be open, %d of one token: open=%d, ofToken=%d; close others first"
              .formatted(most, mostOfToken, all, ofToken));
    }
    all++;
    taken.put(token, ofToken + 1);
    return new Taken(token);
  }

  public synchronized int taken() {
    return all;
  }

  /** Gives no more places; those who have one should be told to go. */
  public synchronized void close() {
    wereNone = all == 0;
    closed = true;
    tell();
  }

  /** After {@link #close}: over when all are gone with their last bytes, or have had their time. */
  public synchronized CompletionStage<Void> emptied(Duration time) {
    return wereNone
        ? CompletableFuture.completedFuture(null)
        : left.copy()
            .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
            .thenRunAsync(() -> {}, LAST_BYTES);
  }

  private void tell() {
    if (closed && all == 0) {
      left.complete(null);
    }
  }

  private synchronized void leave(String token) {
    all--;
    tell();
    taken.computeIfPresent(token, (name, count) -> count == 1 ? null : count - 1);
  }
}
