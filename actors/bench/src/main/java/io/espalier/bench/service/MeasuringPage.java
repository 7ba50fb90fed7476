package io.espalier.bench.service;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            PATH,
            Optional.empty(),
            List.of("runs", "rounds", "seconds", "history", "live"),
            List.of(MediaTypes.TEXT_HTML),
            call -> Directives.complete(page())),
        new Endpoint(
            HttpMethods.POST,
            "/bench/results",
            Optional.empty(),
            List.of(),
            Set.of(),
            List.of(),
            this::take));
  }

  Optional<JsonNode> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(results.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  private Route take(HttpCall call) {
    return call.onSuccess(
        call.body(FIELDS),
        body -> {
          results.add(body);
          return Directives.complete(HttpResponses.empty(204));
        });
  }

  private static HttpResponse page() {
    try (InputStream stream = MeasuringPage.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("class path must hold the resource: path=" + RESOURCE);
      }
      return HttpResponses.of(ContentTypes.TEXT_HTML_UTF8, stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
