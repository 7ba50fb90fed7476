package io.espalier.actors.service.http.events;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.espalier.actors.http.Places;
import io.espalier.actors.http.document.ProblemException;
import io.espalier.actors.service.RunService;
import io.espalier.actors.service.RunStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The streams of events that are open. Thread-safe. */
public final class EventStreams {
  private static final Duration UNUSED = Duration.ofSeconds(30);

  /** A stream that is over has handed over its last bytes; they still have to leave. */
  private static final Executor LAST_BYTES =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private final ActorSystem<?> system;
  private final Executor threads;
  private final Feeds feeds;
  private final Places places;

  /**
   * How many, and how often.
   *
   * @param streams at once, in all
   * @param streamsOfToken at once, per token
   * @param look between two looks at the file of a run that somebody listens to
   * @param heartbeat of silence until a sign of life
   */
  public record Settings(int streams, int streamsOfToken, Duration look, Duration heartbeat) {}

  public EventStreams(
      ActorSystem<?> system, RunService service, Executor threads, Settings settings) {
    this.system = system;
    this.threads = threads;
    this.feeds = new Feeds(system, service, threads, settings.look(), settings.heartbeat());
    this.places = new Places(settings.streams(), settings.streamsOfToken());
  }

  /**
   * A run's events from the line after {@code after}, as text of the stream; to be used once.
   *
   * @param token on whose account it is
   * @param follows whether it waits for events that are not written yet
   * @throws ProblemException if too many are open
   */
  Source<ByteString, NotUsed> open(RunStatus status, String token, long after, boolean follows) {
    Places.Taken place = places.take(token);
    RunFeed feed = feeds.listen(status.run());
    feed.told(status);
    Runnable leave =
        () -> {
          if (place.release()) {
            feeds.leave(status.run());
          }
        };
    var begun = new AtomicBoolean();
    // A client that is gone before its answer is sent never begins to read it.
    system
        .scheduler()
        .scheduleOnce(
            UNUSED,
            () -> {
              if (begun.compareAndSet(false, true)) {
                leave.run();
              }
            },
            system.executionContext());
    return new EventStream(feed, after, follows, threads)
        .source()
        .watchTermination(
            (unused, done) -> {
              begun.set(true);
              done.whenComplete((end, failure) -> leave.run());
              return unused;
            });
  }

  /** Streams that are open. */
  public int count() {
    return places.taken();
  }

  /** Runs that somebody listens to. */
  public int runs() {
    return feeds.count();
  }

  /**
   * Ends all streams, which tell their clients when to come back; over when all are told, or have
   * had their time.
   */
  public CompletionStage<Void> close(Duration time) {
    boolean none = places.taken() == 0;
    places.close();
    feeds.close();
    return none
        ? CompletableFuture.completedFuture(null)
        : places
            .left()
            .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
            .thenRunAsync(() -> {}, LAST_BYTES);
  }
}
