package io.espalier.service.dashboard;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.StreamLimiter;
import io.espalier.service.http.TerminationHooks;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.telemetry.view.Subject;
import io.espalier.telemetry.view.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContextExecutor;

/** The streams that are open. Thread-safe. */
final class LiveStreams {
  /** The subject that the service makes. */
  public static final Subject SERVICE = Subject.parse("service");

  private final ActorSystem<?> system;
  private final Clock clock;
  private final Optional<ServiceSubject> service;
  private final Settings settings;
  private final StreamLimiter places;
  private final ExecutionContextExecutor threads;
  private final SharedFeed feed;
  private volatile boolean isClosing;

  /**
   * How many, and how often.
   *
   * @param streams at once, in all
   * @param streamsOfToken at once, per token
   * @param poll between two looks for news, per stream
   * @param keep how long events are read on after the last viewer has left
   */
  public record Settings(int streams, int streamsOfToken, Duration poll, Duration keep) {}

  /**
   * @param start reads events
   * @param service what is told of {@link #SERVICE}; absent where there is none
   */
  public LiveStreams(
      ActorSystem<?> system,
      Supplier<LiveFeed> start,
      Optional<ServiceSubject> service,
      Clock clock,
      Settings settings) {
    this.system = system;
    this.clock = clock;
    this.service = service;
    this.settings = settings;
    this.places = new StreamLimiter(settings.streams(), settings.streamsOfToken());
    this.threads = system.dispatchers().lookup(DispatcherSelector.blocking());
    this.feed = new SharedFeed(start, system.scheduler(), threads, settings.keep());
  }

  /**
   * What changes of some subjects, as text of the stream; to be used once.
   *
   * @param token on whose account it is
   * @throws ProblemException if too many are open
   */
  public CompletionStage<Source<ByteString, NotUsed>> open(List<Subject> subjects, String token) {
    StreamLimiter.Taken place = places.take(token);
    return CompletableFuture.supplyAsync(() -> entered(subjects, place), threads)
        .whenComplete(
            (source, failure) -> {
              if (failure != null) {
                place.release();
              }
            });
  }

  /** Streams that are open. */
  public int count() {
    return places.taken();
  }

  /** Whether events are read right now. */
  public boolean isReading() {
    return feed.isOpen();
  }

  /** Reads events from now on until the end, whoever looks. */
  public void readAlways() {
    feed.enter();
  }

  /**
   * Ends all streams; their viewers come back by themselves. Over when all are gone, or have had
   * their time, and nothing is read any more.
   */
  public CompletionStage<Void> close(Duration time) {
    isClosing = true;
    places.close();
    return places.emptied(time).thenRunAsync(feed::close, threads);
  }

  private Source<ByteString, NotUsed> entered(List<Subject> subjects, StreamLimiter.Taken place) {
    LiveFeed entered = feed.enter();
    Subscription events = subscribed(entered, subjects);
    List<LiveStream.News> sources = new ArrayList<>(List.of(events::poll));
    if (subjects.contains(SERVICE)) {
      sources.add(
          service
              .<LiveStream.News>map(each -> new ServiceSubjectView(SERVICE.name(), each))
              .orElseGet(AbsentService::new));
    }
    var stream = new LiveStream(system, entered, sources, clock, settings.poll(), () -> isClosing);
    return TerminationHooks.source(
        system,
        stream.source(),
        () -> {
          if (place.release()) {
            events.close();
            feed.leave();
          }
        });
  }

  private Subscription subscribed(LiveFeed entered, List<Subject> subjects) {
    try {
      return entered
          .model()
          .subscribe(subjects.stream().filter(each -> !each.equals(SERVICE)).toList());
    } catch (RuntimeException e) {
      feed.leave();
      throw e;
    }
  }
}
