package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import io.espalier.service.http.RouteTable.Match;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request from its address to its answer: route, token, media type, query, handler; every
 * failure on the way becomes a problem.
 */
public final class RequestDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);
  private static final String NONE = "none";

  private final ActorSystem<?> system;
  private final RouteTable routes;
  private final BearerAuthentication gate;
  private final Function<Throwable, Problem> problems;
  private final Heard heard;
  private final Duration longest;

  /** Hears of every request that was answered. */
  @FunctionalInterface
  public interface Heard {
    /**
     * Told when the answer is made, before it is sent.
     *
     * @param route its path as the OpenAPI document spells it, or {@code none}
     */
    void answered(String method, String route, int status, long nanos);
  }

  /**
   * @param problems what a failure means to a caller
   * @param longest time from the end of a request's head to the beginning of its answer
   */
  public RequestDispatcher(
      ActorSystem<?> system,
      RouteTable routes,
      BearerAuthentication gate,
      Function<Throwable, Problem> problems,
      Heard heard,
      Duration longest) {
    this.longest = longest;
    this.system = system;
    this.routes = routes;
    this.gate = gate;
    this.problems = problems;
    this.heard = heard;
  }

  /** The answer; the stage never fails. */
  public CompletionStage<HttpResponse> answer(HttpRequest request) {
    long begun = System.nanoTime();
    String method = method(request);
    Optional<Match> match = routes.find(method, request.getUri().getPathString());
    return answer(request, method, match)
        .toCompletableFuture()
        .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> refuse(request, failure))
        .thenApply(
            response -> {
              heard.answered(
                  method,
                  match.map(each -> each.route().path()).orElse(NONE),
                  response.status().intValue(),
                  System.nanoTime() - begun);
              return finished(response);
            });
  }

  private CompletionStage<HttpResponse> answer(
      HttpRequest request, String method, Optional<Match> match) {
    try {
      return match.isPresent()
          ? call(request, match.get())
          : HttpResponses.now(withoutRoute(request, method));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<HttpResponse> call(HttpRequest request, Match match) {
    Route route = match.route();
    Optional<Caller> caller = gate.admit(request, route.role());
    AcceptedMediaTypes.require(request, route.produces());
    QueryText query = QueryText.of(request, route);
    return route.handler().handle(new HttpCall(request, caller, match.parameters(), query));
  }

  private HttpResponse withoutRoute(HttpRequest request, String method) {
    Set<String> methods = routes.methods(request.getUri().getPathString());
    if (methods.isEmpty()) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_RESOURCE,
          "see %s for the addresses that there are".formatted(routes.contents()));
    }
    String allow = String.join(", ", methods);
    HttpResponse response =
        method.equals("OPTIONS")
            ? HttpResponses.empty(204)
            : HttpResponses.problem(
                Problem.of(
                    ProblemKind.METHOD_NOT_ALLOWED,
                    "the address has %s: method=%s".formatted(allow, method)));
    request.discardEntityBytes(system);
    return response.addHeader(HttpResponses.header("Allow", allow));
  }

  /** What is still to come of a refused request is read and dropped, unless it is too much. */
  private HttpResponse refuse(HttpRequest request, Throwable failure) {
    Problem problem = problems.apply(failure);
    if (problem.kind() == ProblemKind.INTERNAL) {
      LOG.error(
          "a request must not fail: method={}, route={}",
          request.method().value(),
          request.getUri().getPathString(),
          failure);
    }
    HttpResponse response = HttpResponses.problem(problem);
    if (!RequestBody.isTooLarge(request)) {
      request.discardEntityBytes(system);
      return response;
    }
    return HttpResponses.last(response);
  }

  private static HttpResponse finished(HttpResponse response) {
    HttpResponse safe =
        response.addHeader(HttpResponses.header("X-Content-Type-Options", "nosniff"));
    return response.getHeader("Cache-Control").isPresent()
        ? safe
        : safe.addHeader(HttpResponses.header("Cache-Control", "no-store"));
  }

  private static String method(HttpRequest request) {
    String method = request.method().value();
    return method.equals("HEAD") ? "GET" : method;
  }
}
