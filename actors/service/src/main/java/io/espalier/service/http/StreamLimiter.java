package io.espalier.service.http;

import akka.NotUsed;
import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Limits how many streams are open, in all and per token. Thread-safe. */
public final class StreamLimiter {
  /** Akka still has to send the last bytes of a stream that has ended. */
  private static final Executor LAST_BYTES =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private static final Duration UNUSED = Duration.ofSeconds(30);

  /** Between two looks whether the token of a stream is still valid. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final int most;
  private final int mostOfToken;
  private final Map<String, Integer> ofTokens = new HashMap<>();
  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private int open;
  private boolean closed;

  public final class Permit {
    private final String token;
    private final BooleanSupplier isAllowed;
    private final AtomicBoolean released = new AtomicBoolean();

    private Permit(String token, BooleanSupplier isAllowed) {
      this.token = token;
      this.isAllowed = isAllowed;
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
     * Returns the source for one use, which ends when the token is not valid any more; the permit
     * is released at its end, or after 30 s without a reader, as a client may leave early. Then
     * {@code ended} runs once.
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
      return source
          .viaMat(KillSwitches.single(), Keep.right())
          .watchTermination(
              (stream, done) -> {
                if (begun.compareAndSet(false, true)) {
                  Cancellable looks = looks(system, stream);
                  done.whenComplete(
                      (last, failure) -> {
                        looks.cancel();
                        end.run();
                      });
                }
                return NotUsed.getInstance();
              });
    }

    private Cancellable looks(ActorSystem<?> system, UniqueKillSwitch stream) {
      return system
          .scheduler()
          .scheduleWithFixedDelay(
              LOOK,
              LOOK,
              () -> {
                if (!isAllowed.getAsBoolean()) {
                  stream.shutdown();
                }
              },
              system.executionContext());
    }
  }

  public StreamLimiter(int most, int mostOfToken) {
    this.most = most;
    this.mostOfToken = mostOfToken;
  }

  /**
   * Reserves one stream for a call's token.
   *
   * @throws ProblemException if no permit is left
   */
  public synchronized Permit acquire(HttpCall call) {
    String token = call.token();
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
    return new Permit(token, call::isStillAllowed);
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
