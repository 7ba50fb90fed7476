package io.espalier.service.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Limits how many streams are open, in all and per token. Thread-safe. */
public final class StreamLimiter {
  /** Akka still has to send the last bytes of a stream that has ended. */
  private static final Executor LAST_BYTES =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private static final Duration UNUSED = Duration.ofSeconds(30);

  private final int most;
  private final int mostOfToken;
  private final Map<String, Integer> ofTokens = new HashMap<>();
  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private int open;
  private boolean closed;

  public final class Permit {
    private final String token;
    private final AtomicBoolean released = new AtomicBoolean();

    private Permit(String token) {
      this.token = token;
    }

    /** Returns true the first time. */
    public boolean release() {
      boolean first = released.compareAndSet(false, true);
      if (first) {
        removed(token);
      }
      return first;
    }

    /**
     * Returns the source for one use; the permit is released at its end, or after 30 s without a
     * reader, as a client may leave early. Then {@code ended} runs once.
     */
    public <T> Source<T, NotUsed> bind(
        ActorSystem<?> system, Source<T, NotUsed> source, Runnable ended) {
      Runnable end =
          () -> {
            if (release()) {
              ended.run();
            }
          };
      var begun = new AtomicBoolean();
      system
          .scheduler()
          .scheduleOnce(
              UNUSED,
              () -> {
                if (begun.compareAndSet(false, true)) {
                  end.run();
                }
              },
              system.executionContext());
      return source.watchTermination(
          (unused, done) -> {
            if (begun.compareAndSet(false, true)) {
              done.whenComplete((last, failure) -> end.run());
            }
            return unused;
          });
    }
  }

  public StreamLimiter(int most, int mostOfToken) {
    this.most = most;
    this.mostOfToken = mostOfToken;
  }

  /**
   * Reserves one stream for a token.
   *
   * @throws ProblemException if no permit is left
   */
  public synchronized Permit acquire(String token) {
    if (closed) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the service ends; try again");
    }
    int ofToken = ofTokens.getOrDefault(token, 0);
    if (open >= most || ofToken >= mostOfToken) {
      throw new ProblemException(
          ProblemKind.TOO_MANY_STREAMS,
          "at most %d streams may be open, %d of one token: open=%d, ofToken=%d; close others first"
              .formatted(most, mostOfToken, open, ofToken));
    }
    open++;
    ofTokens.put(token, ofToken + 1);
    return new Permit(token);
  }

  public synchronized int open() {
    return open;
  }

  /**
   * Gives no more permits; completes when all streams, which the caller ends, have ended, or after
   * {@code time}.
   */
  public synchronized CompletionStage<Void> close(Duration time) {
    closed = true;
    return open == 0
        ? CompletableFuture.completedFuture(null)
        : emptied
            .copy()
            .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
            .thenRunAsync(() -> {}, LAST_BYTES);
  }

  private synchronized void removed(String token) {
    open--;
    ofTokens.computeIfPresent(token, (name, count) -> count == 1 ? null : count - 1);
    if (closed && open == 0) {
      emptied.complete(null);
    }
  }
}
