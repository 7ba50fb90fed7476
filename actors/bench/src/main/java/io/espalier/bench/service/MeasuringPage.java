package io.espalier.bench.service;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.RequestBody;
import io.espalier.service.http.Route;
import io.espalier.service.http.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A page around the dashboard, on the same server, that uses it as a reader does and reports the
 * times. Thread-safe.
 */
final class MeasuringPage {
  /** Where it is; see {@code measure.html} for what its query takes. */
  static final String PATH = "/bench/measure";

  private static final String RESOURCE = "/io/espalier/bench/service/measure.html";
  private static final List<String> FIELDS =
      List.of("phase", "paints", "lists", "runs", "latencies", "longTasks", "problem");

  private final LinkedBlockingQueue<JsonNode> results = new LinkedBlockingQueue<>();

  List<Route> routes(ActorSystem<?> system) {
    var bodies = new RequestBody(system, Duration.ofSeconds(10));
    return List.of(
        new Route(
            "GET",
            PATH,
            Optional.empty(),
            List.of("runs", "rounds", "seconds", "history", "live"),
            List.of(MediaTypes.TEXT_HTML),
            call -> HttpResponses.now(page())),
        new Route(
            "POST",
            "/bench/results",
            Optional.empty(),
            List.of(),
            List.of(),
            call -> taken(call, bodies)));
  }

  Optional<JsonNode> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(results.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  private CompletionStage<HttpResponse> taken(HttpCall call, RequestBody bodies) {
    return bodies
        .json(call.request())
        .thenApply(
            body -> {
              results.add(StrictJson.object(body, FIELDS));
              return HttpResponses.empty(204);
            });
  }

  private static HttpResponse page() {
    try (InputStream stream = MeasuringPage.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("class path must hold the resource: path=" + RESOURCE);
      }
      return HttpResponse.create()
          .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, stream.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
