package io.espalier.service.dashboard;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Problem;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.StreamLimiter;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.telemetry.view.Subject;
import io.espalier.telemetry.view.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import scala.concurrent.ExecutionContextExecutor;

/** The live page and its streams. It reads no events before the first viewer. Thread-safe. */
public final class Dashboard {
  public static final String PATH = "/dashboard/";

  /** The subject of the service; no event has it. */
  private static final Subject SERVICE = Subject.parse("service");

  /** The subject of what users have written; no event has it. */
  private static final Subject NOTES = Subject.parse("notes");

  private final ActorSystem<?> system;
  private final DashboardSettings settings;
  private final StreamLimiter limiter;
  private final ExecutionContextExecutor threads;
  private final SharedFeed feed;
  private volatile boolean isClosing;

  public Dashboard(ActorSystem<?> system, DashboardSettings settings) {
    this.system = system;
    this.settings = settings;
    this.limiter = new StreamLimiter(settings.streams(), settings.streamsOfToken());
    this.threads = system.dispatchers().lookup(DispatcherSelector.blocking());
    this.feed = new SharedFeed(settings.events(), system.scheduler(), threads, settings.keep());
  }

  public List<Endpoint> endpoints() {
    return new DashboardRoutes(this, settings).endpoints();
  }

  public int streams() {
    return limiter.open();
  }

  /**
   * Serves this dashboard alone and reads events at once. Pass {@link #close} to the server's
   * {@link HttpServer#close}.
   *
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public HttpServer serve(HttpSettings http, CallerDirectory callers, List<Endpoint> more)
      throws IOException {
    List<Endpoint> all = Stream.concat(endpoints().stream(), more.stream()).toList();
    HttpServer server =
        HttpServer.start(
            system,
            http,
            new HttpServer.Application(all, PATH, callers, Problem::of, HttpServer.Observer.NONE));
    feed.enter();
    return server;
  }

  /** Ends all streams and stops reading; completes when they have ended, or after {@code time}. */
  public CompletionStage<Void> close(Duration time) {
    isClosing = true;
    return limiter.close(time).thenRunAsync(feed::close, threads);
  }

  /**
   * The changes of some subjects as server-sent events, for one use, within the limit of {@code
   * token}.
   *
   * @throws ProblemException if too many are open
   */
  CompletionStage<Source<ByteString, NotUsed>> open(List<Subject> subjects, String token) {
    StreamLimiter.Permit permit = limiter.acquire(token);
    return CompletableFuture.supplyAsync(() -> open(subjects, permit), threads)
        .whenComplete(
            (source, failure) -> {
              if (failure != null) {
                permit.release();
              }
            });
  }

  private Source<ByteString, NotUsed> open(List<Subject> subjects, StreamLimiter.Permit permit) {
    LiveFeed entered = feed.enter();
    Subscription events = subscribe(entered, subjects);
    List<Supplier<List<JsonNode>>> sources = new ArrayList<>(List.of(events::poll));
    if (subjects.contains(SERVICE)) {
      sources.add(new ServiceSubject(SERVICE.name(), settings.service())::poll);
    }
    if (subjects.contains(NOTES)) {
      sources.add(new ServiceSubject(NOTES.name(), settings.notes())::poll);
    }
    var stream = new LiveStream(system, entered, sources, settings, () -> isClosing);
    return permit.bind(
        system,
        stream.source(),
        () -> {
          events.close();
          feed.leave();
        });
  }

  private Subscription subscribe(LiveFeed entered, List<Subject> subjects) {
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
