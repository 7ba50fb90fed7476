package io.espalier.actors.http.route;

import akka.http.javadsl.model.MediaType;
import io.espalier.actors.http.access.Role;
import java.util.List;
import java.util.Optional;

/**
 * One method of one address.
 *
 * @param method such as {@code GET}
 * @param path as the OpenAPI document spells it, such as {@code /v1/runs/{run}}
 * @param role that a caller needs; empty where anyone may call
 * @param query parameters that the address takes
 * @param produces media types of which one is the answer's; empty for an answer without a body
 */
public record Route(
    String method,
    String path,
    Optional<Role> role,
    List<String> query,
    List<MediaType> produces,
    Handler handler) {
  public Route {
    query = List.copyOf(query);
    produces = List.copyOf(produces);
  }
}
