package io.espalier.service.http;

import akka.http.javadsl.model.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One method of one address.
 *
 * @param method such as {@code GET}
 * @param path as the OpenAPI document spells it, such as {@code /v1/runs/{run}}
 * @param role that a caller needs; empty where anyone may call
 * @param query parameters that the address takes, each at most once
 * @param repeated those of them that may come several times
 * @param produces media types of which one is the answer's; empty for an answer without a body
 */
public record Route(
    String method,
    String path,
    Optional<Role> role,
    List<String> query,
    Set<String> repeated,
    List<MediaType> produces,
    RouteHandler handler) {
  public Route {
    query = List.copyOf(query);
    repeated = Set.copyOf(repeated);
    produces = List.copyOf(produces);
  }

  public Route(
      String method,
      String path,
      Optional<Role> role,
      List<String> query,
      List<MediaType> produces,
      RouteHandler handler) {
    this(method, path, role, query, Set.of(), produces, handler);
  }
}
