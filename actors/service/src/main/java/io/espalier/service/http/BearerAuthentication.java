package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.HttpCredentials;
import io.espalier.service.http.CallerDirectory.Caller;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the bearer token of a request (Jones and Hardt, RFC 6750, 2012). Thread-safe. */
final class BearerAuthentication {
  private static final Logger LOG = LoggerFactory.getLogger(BearerAuthentication.class);

  private final CallerDirectory callers;
  private final Consumer<ProblemKind> refusals;

  /** Calls {@code refusals} for each refused request. */
  BearerAuthentication(CallerDirectory callers, Consumer<ProblemKind> refusals) {
    this.callers = callers;
    this.refusals = refusals;
  }

  /**
   * Returns the caller; empty if no role is needed.
   *
   * @throws ProblemException if the token is missing, unknown, or of too small a role
   */
  Optional<Caller> authenticate(HttpRequest request, Optional<Role> needed) {
    if (needed.isEmpty()) {
      return Optional.empty();
    }
    Caller caller =
        secret(request)
            .flatMap(this::find)
            .orElseThrow(
                () ->
                    refused(
                        ProblemKind.UNAUTHORIZED,
                        "a call must have the header Authorization: Bearer TOKEN with a token that is valid; make one with: espalier serve token create"));
    if (!caller.role().allows(needed.get())) {
      throw refused(
          ProblemKind.FORBIDDEN,
          "the call needs a token of the role %s: token=%s, role=%s"
              .formatted(needed.get().spelling(), caller.name(), caller.role().spelling()));
    }
    return Optional.of(caller);
  }

  private Optional<Caller> find(String secret) {
    try {
      return callers.find(secret);
    } catch (IOException | RuntimeException e) {
      LOG.warn("every token is refused while the file of tokens is unreadable: {}", e.getMessage());
      throw new ProblemException(
          ProblemKind.UNAVAILABLE, "the service cannot read its tokens; its log has more");
    }
  }

  private static Optional<String> secret(HttpRequest request) {
    return request
        .getHeader(Authorization.class)
        .map(Authorization::credentials)
        .filter(credentials -> credentials.scheme().equalsIgnoreCase("Bearer"))
        .map(HttpCredentials::token);
  }

  private ProblemException refused(ProblemKind kind, String detail) {
    refusals.accept(kind);
    return new ProblemException(kind, detail);
  }
}
