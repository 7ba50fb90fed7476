package io.espalier.service.api;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import io.espalier.service.RunService;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Role;
import io.espalier.service.http.ServerSentEvents;
import io.espalier.service.http.StreamLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A run's events as they are written. Thread-safe. */
final class EventRoutes extends AllDirectives {
  private static final String LAST = "Last-Event-ID";
  private static final long MOST_LINES = 1L << 40;

  private final ActorSystem<?> system;
  private final RunService service;
  private final Executor threads;
  private final RunFeeds feeds;
  private final StreamLimiter limiter;

  EventRoutes(ActorSystem<?> system, RunService service, Executor threads, HttpSettings settings) {
    this.system = system;
    this.service = service;
    this.threads = threads;
    this.feeds = new RunFeeds(system, service, threads, settings.times());
    this.limiter =
        new StreamLimiter(settings.limits().streams(), settings.limits().streamsOfToken());
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/v1/runs/{run}/events",
            Optional.of(Role.READ),
            List.of("after", "follow"),
            List.of(MediaTypes.TEXT_EVENT_STREAM),
            this::events));
  }

  private Route events(HttpCall call) {
    Optional<Long> last = call.header(LAST).map(text -> HttpCall.number(LAST, text, 0, MOST_LINES));
    long after = last.or(() -> call.number("after", 0, MOST_LINES)).orElse(0L);
    boolean follows =
        call.text("follow")
            .map(text -> HttpCall.oneOf("follow", text, List.of("true", "false")))
            .map(Boolean::valueOf)
            .orElse(true);
    return call.onSuccess(
        service.status(call.run()),
        status -> {
          StreamLimiter.Permit permit = limiter.acquire(call);
          RunFeed feed = feeds.listen(status.run());
          feed.update(status);
          var events = new EventStream(feed, after, follows, threads).source();
          return complete(
              ServerSentEvents.response(
                  permit.bind(system, events, () -> feeds.leave(status.run()))));
        });
  }

  int open() {
    return limiter.open();
  }

  /** Ends all streams with a reconnect hint; completes when they have ended. */
  CompletionStage<Void> close(Duration time) {
    CompletionStage<Void> ended = limiter.close(time);
    feeds.close();
    return ended;
  }
}
