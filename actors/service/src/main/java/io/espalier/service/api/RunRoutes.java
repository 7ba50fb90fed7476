package io.espalier.service.api;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.QueryText;
import io.espalier.service.http.RequestBody;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteHandler;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Submitting runs, looking at them and steering them. */
final class RunRoutes {
  private static final List<MediaType> JSON = List.of(MediaTypes.APPLICATION_JSON);
  private static final int MOST_NAME = 200;
  private static final int MOST_RUNS = 500;
  private static final List<String> STATES =
      Arrays.stream(RunState.values()).map(RunDocuments::spelling).toList();

  private final RunService service;
  private final RequestBody bodies;

  RunRoutes(RunService service, RequestBody bodies) {
    this.service = service;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(
        operate("POST", "/v1/runs", this::submit),
        read("/v1/runs", List.of("state", "name", "limit", "after"), this::list),
        read("/v1/runs/{run}", List.of(), this::status),
        read("/v1/runs/{run}/history", List.of(), this::history),
        steer("pause", service::pause),
        steer("resume", service::resume),
        steer("cancel", service::cancel),
        steer("checkpoint", service::checkpoint),
        new Route(
            "DELETE",
            "/v1/runs/{run}",
            Optional.of(Role.OPERATE),
            List.of(),
            List.of(),
            this::delete));
  }

  private CompletionStage<HttpResponse> submit(HttpCall call) {
    Optional<String> key = call.header("Idempotency-Key");
    return bodies
        .json(call.request())
        .thenApply(body -> SubmissionReader.read(body, key))
        .thenCompose(service::submit)
        .thenApply(
            accepted ->
                HttpResponses.json(
                        accepted.fresh() ? 201 : 200, RunDocuments.status(accepted.status()))
                    .addHeader(
                        HttpResponses.header(
                            "Location", RunDocuments.address(accepted.status().run()))));
  }

  private CompletionStage<HttpResponse> list(HttpCall call) {
    QueryText query = call.query();
    var asked =
        new RunQuery(
            query.text("state").map(RunRoutes::states).orElse(Set.of()),
            query.text("name").map(RunRoutes::name).orElse(""),
            query.number("limit", 1, MOST_RUNS).orElse(50L).intValue(),
            query.run("after"));
    return service.list(asked).thenApply(page -> HttpResponses.json(200, RunDocuments.page(page)));
  }

  private CompletionStage<HttpResponse> status(HttpCall call) {
    return service.status(call.run()).thenApply(status -> answer(200, status));
  }

  private CompletionStage<HttpResponse> history(HttpCall call) {
    return service
        .history(call.run())
        .thenApply(entries -> HttpResponses.json(200, RunDocuments.history(entries)));
  }

  private CompletionStage<HttpResponse> delete(HttpCall call) {
    return service.delete(call.run()).thenApply(done -> HttpResponses.empty(204));
  }

  private static Route steer(String act, Function<String, CompletionStage<RunStatus>> steering) {
    return operate(
        "POST",
        "/v1/runs/{run}/" + act,
        call -> steering.apply(call.run()).thenApply(status -> answer(202, status)));
  }

  private static HttpResponse answer(int code, RunStatus status) {
    return HttpResponses.json(code, RunDocuments.status(status));
  }

  private static Route read(String path, List<String> query, RouteHandler handler) {
    return new Route("GET", path, Optional.of(Role.READ), query, JSON, handler);
  }

  private static Route operate(String method, String path, RouteHandler handler) {
    return new Route(method, path, Optional.of(Role.OPERATE), List.of(), JSON, handler);
  }

  private static Set<RunState> states(String text) {
    Set<RunState> states = EnumSet.noneOf(RunState.class);
    for (String each : text.split(",", -1)) {
      String known = QueryText.oneOf("state", each.strip(), STATES);
      states.add(RunState.valueOf(known.toUpperCase(Locale.ROOT)));
    }
    return states;
  }

  private static String name(String text) {
    if (text.length() > MOST_NAME) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "name must have at most %d characters: characters=%d"
              .formatted(MOST_NAME, text.length()));
    }
    return text;
  }
}
