package io.espalier.service.api;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.service.RunService;
import io.espalier.service.http.ApiJson;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A run's log, artifacts and report. */
final class FileRoutes {
  private static final String LOG = "run.log";
  private static final long MOST_LINES = 1_000_000;

  /** The report's scripts and styles are inside of it; it may do nothing but draw itself. */
  private static final String REPORT_POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts";

  private final RunService service;
  private final Executor threads;
  private final FileAnswers files;

  public FileRoutes(RunService service, Executor threads) {
    this.service = service;
    this.threads = threads;
    this.files = new FileAnswers(threads);
  }

  public List<Route> routes() {
    List<MediaType> all =
        Arrays.stream(Artifact.values()).map(each -> each.type().mediaType()).distinct().toList();
    return List.of(
        get("log", List.of("tail"), List.of(MediaTypes.TEXT_PLAIN), this::log),
        get("artifacts", List.of(), List.of(MediaTypes.APPLICATION_JSON), this::artifacts),
        get("artifacts/{name}", List.of(), all, this::artifact),
        get("report", List.of(), List.of(MediaTypes.TEXT_HTML), this::report));
  }

  private CompletionStage<HttpResponse> log(HttpCall call) {
    Optional<Long> lines = call.query().number("tail", 0, MOST_LINES);
    return inDirectory(call, directory -> files.tail(directory.resolve(LOG), lines));
  }

  private CompletionStage<HttpResponse> artifacts(HttpCall call) {
    return inDirectory(
        call,
        directory -> {
          ArrayNode list = ApiJson.array();
          for (String name : Artifact.names()) {
            ServedFile.at(directory.resolve(name))
                .ifPresent(file -> list.addObject().put("name", name).put("bytes", file.bytes()));
          }
          return HttpResponses.json(200, list);
        });
  }

  private CompletionStage<HttpResponse> artifact(HttpCall call) {
    Artifact artifact =
        Artifact.named(call.parameter("name"))
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NO_SUCH_RESOURCE,
                        "an artifact must be one of " + Artifact.names()));
    return inDirectory(
        call,
        directory ->
            inert(files.file(call, directory.resolve(artifact.file()), artifact.type()))
                .addHeader(
                    HttpResponses.header(
                        "Content-Disposition",
                        "attachment; filename=\"%s\"".formatted(artifact.file()))));
  }

  private CompletionStage<HttpResponse> report(HttpCall call) {
    return inDirectory(
        call,
        directory ->
            inert(
                files.file(
                    call, directory.resolve(Artifact.REPORT.file()), Artifact.REPORT.type())));
  }

  private static HttpResponse inert(HttpResponse response) {
    return response
        .addHeader(HttpResponses.header("Content-Security-Policy", REPORT_POLICY))
        .addHeader(HttpResponses.header("Referrer-Policy", "no-referrer"))
        .addHeader(HttpResponses.header("Cross-Origin-Resource-Policy", "same-origin"));
  }

  /** Looks for files only where the service knows the run. */
  private CompletionStage<HttpResponse> inDirectory(HttpCall call, Look look) {
    return service
        .status(call.run())
        .thenApplyAsync(status -> look.unchecked(service.directory(status.run())), threads);
  }

  @FunctionalInterface
  private interface Look {
    HttpResponse at(Path directory) throws IOException;

    default HttpResponse unchecked(Path directory) {
      try {
        return at(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Route get(
      String part, List<String> query, List<MediaType> produces, RouteHandler handler) {
    return new Route(
        "GET", "/v1/runs/{run}/" + part, Optional.of(Role.READ), query, produces, handler);
  }
}
