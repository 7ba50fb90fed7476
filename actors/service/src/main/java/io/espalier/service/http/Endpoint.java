package io.espalier.service.http;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.server.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One method of one address, and the route that answers its calls.
 *
 * @param path as the OpenAPI document spells it, such as {@code /v1/runs/{run}}
 * @param role that a caller needs; empty where anyone may call, unless the server requires a token
 * @param always whether anyone may call even then
 * @param query parameters that the address takes, each at most once
 * @param repeated those of them that may come several times
 * @param streams whether a body may come as long as it moves, without a limit of its time and size
 * @param produces media types of which one is the answer's; empty for an answer without a body
 * @param handler may throw a {@link ProblemException}
 */
public record Endpoint(
    HttpMethod method,
    String path,
    Optional<Role> role,
    boolean always,
    List<String> query,
    Set<String> repeated,
    boolean streams,
    List<MediaType> produces,
    Function<HttpCall, Route> handler) {
  public Endpoint {
    query = List.copyOf(query);
    repeated = Set.copyOf(repeated);
    produces = List.copyOf(produces);
  }

  public Endpoint(
      HttpMethod method,
      String path,
      Optional<Role> role,
      List<String> query,
      Set<String> repeated,
      boolean streams,
      List<MediaType> produces,
      Function<HttpCall, Route> handler) {
    this(method, path, role, false, query, repeated, streams, produces, handler);
  }

  /** With bodies that are small. */
  public Endpoint(
      HttpMethod method,
      String path,
      Optional<Role> role,
      List<String> query,
      Set<String> repeated,
      List<MediaType> produces,
      Function<HttpCall, Route> handler) {
    this(method, path, role, query, repeated, false, produces, handler);
  }

  public static Endpoint get(
      String path,
      Optional<Role> role,
      List<String> query,
      List<MediaType> produces,
      Function<HttpCall, Route> handler) {
    return new Endpoint(HttpMethods.GET, path, role, query, Set.of(), produces, handler);
  }

  /** Returns this endpoint with another handler. */
  public Endpoint handledBy(Function<HttpCall, Route> other) {
    return new Endpoint(method, path, role, always, query, repeated, streams, produces, other);
  }

  /** Returns this endpoint for callers who see all, and where no caller needs a token. */
  public Endpoint forWholeView() {
    return handledBy(
        call -> {
          call.requireWholeView();
          return handler.apply(call);
        });
  }

  /** Returns this endpoint for anyone, also where the server requires a token. */
  public Endpoint forAnyone() {
    return new Endpoint(
        method, path, Optional.empty(), true, query, repeated, streams, produces, handler);
  }
}
