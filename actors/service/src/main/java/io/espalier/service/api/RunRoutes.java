package io.espalier.service.api;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import io.espalier.service.ApiJson;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

final class RunRoutes extends AllDirectives {
  private static final List<MediaType> JSON = List.of(MediaTypes.APPLICATION_JSON);
  private static final int MOST_NAME = 200;
  private static final int MOST_RUNS = 500;
  private static final List<String> STATES =
      Arrays.stream(RunState.values()).map(RunDocuments::spelling).toList();

  private final RunService service;

  RunRoutes(RunService service) {
    this.service = service;
  }

  List<Endpoint> endpoints() {
    return List.of(
        operate(HttpMethods.POST, "/v1/runs", JSON, this::submit),
        read(
            "/v1/runs", List.of("state", "name", "owner", "project", "limit", "after"), this::list),
        read("/v1/runs/{run}", List.of(), this::status),
        read("/v1/runs/{run}/history", List.of(), this::history),
        steer("pause", call -> service.pause(call.run())),
        steer("resume", call -> service.resume(call.run(), call.submitter())),
        steer("cancel", call -> service.cancel(call.run())),
        steer("checkpoint", call -> service.checkpoint(call.run())),
        operate(HttpMethods.DELETE, "/v1/runs/{run}", List.of(), this::delete));
  }

  private static Endpoint read(String path, List<String> query, Function<HttpCall, Route> handler) {
    return Endpoint.get(path, Optional.of(Role.READ), query, JSON, handler);
  }

  private static Endpoint operate(
      HttpMethod method, String path, List<MediaType> produces, Function<HttpCall, Route> handler) {
    return new Endpoint(
        method, path, Optional.of(Role.OPERATE), List.of(), Set.of(), produces, handler);
  }

  private Endpoint steer(String act, Function<HttpCall, CompletionStage<RunStatus>> steering) {
    return operate(
        HttpMethods.POST,
        "/v1/runs/{run}/" + act,
        JSON,
        call -> call.onSuccess(steering.apply(call), status -> answer(202, call, status)));
  }

  private Route submit(HttpCall call) {
    Optional<String> key = call.header("Idempotency-Key");
    return call.onSuccess(
        call.body(SubmissionReader.FIELDS)
            .thenApply(body -> SubmissionReader.read(body, key))
            .thenCompose(submission -> service.submit(submission, call.submitter())),
        accepted ->
            respondWithHeader(
                HttpResponses.header("Location", RunDocuments.address(accepted.status().run())),
                () -> answer(accepted.fresh() ? 201 : 200, call, accepted.status())));
  }

  private Route list(HttpCall call) {
    var query =
        new RunQuery(
                call.text("state").map(RunRoutes::states).orElse(Set.of()),
                call.text("name").map(RunRoutes::name).orElse(""),
                call.number("limit", 1, MOST_RUNS).orElse(50L).intValue(),
                call.run("after"))
            .of(call.text("owner"), call.text("project"))
            .within(call.view());
    return call.onSuccess(
        service.list(query),
        page -> complete(HttpResponses.json(200, RunDocuments.page(page, call.view()))));
  }

  private Route status(HttpCall call) {
    return call.onSuccess(service.status(call.run()), status -> answer(200, call, status));
  }

  private Route history(HttpCall call) {
    return call.onSuccess(
        service.history(call.run()),
        entries -> complete(HttpResponses.json(200, ApiJson.tree(entries))));
  }

  private Route delete(HttpCall call) {
    return call.onSuccess(service.delete(call.run()), done -> complete(HttpResponses.empty(204)));
  }

  private Route answer(int code, HttpCall call, RunStatus status) {
    return complete(HttpResponses.json(code, RunDocuments.status(call.view().shown(status))));
  }

  private static Set<RunState> states(String text) {
    Set<RunState> states = EnumSet.noneOf(RunState.class);
    for (String each : text.split(",", -1)) {
      String asked = each.strip().equals("completed") ? "finished" : each.strip();
      String known = HttpCall.oneOf("state", asked, STATES);
      states.add(RunState.valueOf(known.toUpperCase(Locale.ROOT)));
    }
    return states;
  }

  private static String name(String text) {
    if (text.length() > MOST_NAME) {
      throw ProblemException.invalid(
          "name must have at most %d characters: characters=%d"
              .formatted(MOST_NAME, text.length()));
    }
    return text;
  }
}
