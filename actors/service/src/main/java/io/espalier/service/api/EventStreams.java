package io.espalier.service.api;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.espalier.service.RunService;
import io.espalier.service.RunStatus;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.StreamLimiter;
import io.espalier.service.http.TerminationHooks;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The streams of events that are open. Thread-safe. */
final class EventStreams {
  private final ActorSystem<?> system;
  private final Executor threads;
  private final RunFeeds feeds;
  private final StreamLimiter places;

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
    this.feeds = new RunFeeds(system, service, threads, settings.look(), settings.heartbeat());
    this.places = new StreamLimiter(settings.streams(), settings.streamsOfToken());
  }

  /**
   * A run's events from the line after {@code after}, as text of the stream; to be used once.
   *
   * @param token on whose account it is
   * @param follows whether it waits for events that are not written yet
   * @throws ProblemException if too many are open
   */
  Source<ByteString, NotUsed> open(RunStatus status, String token, long after, boolean follows) {
    StreamLimiter.Taken place = places.take(token);
    RunFeed feed = feeds.listen(status.run());
    feed.told(status);
    return TerminationHooks.source(
        system,
        new EventStream(feed, after, follows, threads).source(),
        () -> {
          if (place.release()) {
            feeds.leave(status.run());
          }
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
    places.close();
    feeds.close();
    return places.emptied(time);
  }
}
