package io.espalier.service.dashboard;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.View;
import io.espalier.service.http.CallerDirectory;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    this.limiter =
        new StreamLimiter(settings.limits().streams(), settings.limits().streamsOfToken());
    this.threads = system.dispatchers().lookup(DispatcherSelector.blocking());
    this.feed =
        new SharedFeed(
            settings.sources().events(), system.scheduler(), threads, settings.limits().keep());
  }

  public List<Endpoint> endpoints() {
    return new DashboardRoutes(this, settings).endpoints();
  }

  public int streams() {
    return limiter.open();
  }

  /**
   * Serves this dashboard alone and reads events at once. It does not know whose runs are, so a
   * token must see all. Pass {@link #close} to the server's {@link HttpServer#close}.
   *
   * @throws IOException if the address is taken, or a file of TLS is invalid
   */
  public HttpServer serve(HttpSettings http, CallerDirectory callers, List<Endpoint> more)
      throws IOException {
    List<Endpoint> all =
        Stream.concat(endpoints().stream(), more.stream()).map(Endpoint::forWholeView).toList();
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
   * The changes of some subjects as server-sent events, for one use, within the view and the limit
   * of a caller.
   *
   * @throws ProblemException if too many are open
   */
  CompletionStage<Source<ByteString, NotUsed>> open(List<Subject> subjects, HttpCall call) {
    StreamLimiter.Permit permit = limiter.acquire(call);
    return CompletableFuture.supplyAsync(() -> open(subjects, call.view(), permit), threads)
        .whenComplete(
            (source, failure) -> {
              if (failure != null) {
                permit.release();
              }
            });
  }

  private Source<ByteString, NotUsed> open(
      List<Subject> subjects, View view, StreamLimiter.Permit permit) {
    LiveFeed entered = feed.enter();
    List<Supplier<List<JsonNode>>> sources = new ArrayList<>();
    Runnable events = subscribe(entered, subjects, view, sources);
    if (subjects.contains(SERVICE)) {
      sources.add(
          new ServiceSubject(
                  SERVICE.name(),
                  settings.sources().service().map(service -> () -> service.of(view)))
              ::poll);
    }
    if (subjects.contains(NOTES)) {
      sources.add(
          new ServiceSubject(
                  NOTES.name(),
                  settings.sources().notes().map(notes -> () -> seen(notes.get(), view)))
              ::poll);
    }
    var stream = new LiveStream(system, entered, sources, settings, () -> isClosing);
    return permit.bind(
        system,
        stream.source(),
        () -> {
          events.run();
          feed.leave();
        });
  }

  /** The notes of the runs that a view has. */
  private CompletionStage<Map<String, JsonNode>> seen(
      CompletionStage<Map<String, JsonNode>> notes, View view) {
    return view.seesAll()
        ? notes
        : notes.thenCombine(
            settings.sources().service().orElseThrow().of(view),
            (all, runs) -> {
              Map<String, JsonNode> some = new HashMap<>(all);
              some.keySet().retainAll(runs.keySet());
              return Map.copyOf(some);
            });
  }

  /** Adds what the events say to the sources, and returns what ends that. */
  private Runnable subscribe(
      LiveFeed entered, List<Subject> subjects, View view, List<Supplier<List<JsonNode>>> sources) {
    try {
      List<Subject> ofEvents = subjects.stream().filter(each -> !each.equals(SERVICE)).toList();
      if (view.seesAll()) {
        Subscription events = entered.model().subscribe(ofEvents);
        sources.add(events::poll);
        return events::close;
      }
      ViewedRuns events =
          new ViewedRuns(
              entered.model(), ofEvents, view, settings.sources().service().orElseThrow());
      sources.add(events::poll);
      return events::close;
    } catch (RuntimeException e) {
      feed.leave();
      throw e;
    }
  }
}
