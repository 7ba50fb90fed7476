package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.service.RunService;
import io.espalier.service.http.Caller;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.QueryText;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A run's events, live. */
final class EventRoutes {
  private static final String LAST = "Last-Event-ID";
  private static final long MOST_LINES = 1L << 40;
  private static final List<String> ANSWERS = List.of("true", "false");

  private final RunService service;
  private final EventStreams streams;

  public EventRoutes(RunService service, EventStreams streams) {
    this.service = service;
    this.streams = streams;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/runs/{run}/events",
            Optional.of(Role.READ),
            List.of("after", "follow"),
            List.of(MediaTypes.TEXT_EVENT_STREAM),
            this::events));
  }

  private CompletionStage<HttpResponse> events(HttpCall call) {
    Optional<Long> last =
        call.header(LAST).map(text -> QueryText.number(LAST, text, 0, MOST_LINES));
    long after = last.or(() -> call.query().number("after", 0, MOST_LINES)).orElse(0L);
    boolean follows =
        call.query()
            .text("follow")
            .map(text -> QueryText.oneOf("follow", text, ANSWERS).equals("true"))
            .orElse(true);
    String token = call.caller().map(Caller::name).orElse("");
    return service
        .status(call.run())
        .thenApply(status -> streams.open(status, token, after, follows))
        .thenApply(
            source ->
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.create(
                            ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), source))
                    .addHeader(HttpResponses.header("X-Accel-Buffering", "no")));
  }
}
