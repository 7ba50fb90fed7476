package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.BasicHttpCredentials;
import akka.http.javadsl.model.headers.HttpCredentials;
import io.espalier.service.http.CallerDirectory.Caller;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the bearer token of a request (Jones and Hardt, RFC 6750, 2012), or the same token as a
 * password (Reschke, RFC 7617, 2015), as browsers send it. Thread-safe.
 */
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
    return needed.map(role -> authorized(secret(request), role));
  }

  /**
   * The same where a browser may send the token as a password. A page of another site can cause
   * such a request, so it must change nothing.
   */
  Optional<Caller> authenticateBrowser(HttpRequest request, Role needed) {
    return secret(request).isPresent()
        ? authenticate(request, Optional.of(needed))
        : Optional.of(authorized(password(request), needed));
  }

  /** Whether a caller's token still allows what it did; not while the tokens cannot be read. */
  boolean isValid(Caller caller) {
    try {
      return callers.isValid(caller);
    } catch (IOException | RuntimeException e) {
      LOG.warn("streams end while the file of tokens is unreadable: {}", e.getMessage());
      return false;
    }
  }

  private Caller authorized(Optional<String> secret, Role needed) {
    Caller caller =
        secret
            .flatMap(this::find)
            .orElseThrow(
                () ->
                    refused(
                        ProblemKind.UNAUTHORIZED,
                        "a call must have the header Authorization: Bearer TOKEN with a token that is valid; make one with: espalier serve token create"));
    if (caller.expired().isPresent()) {
      throw refused(
          ProblemKind.TOKEN_EXPIRED,
          "a token must not have expired: token=%s, expired=%s; let the service's operator renew it with: espalier serve token renew %s --expires TIME"
              .formatted(caller.name(), caller.expired().get(), caller.name()));
    }
    if (!caller.role().allows(needed)) {
      throw refused(
          ProblemKind.FORBIDDEN,
          "the call needs a token of the role %s: token=%s, role=%s"
              .formatted(needed.spelling(), caller.name(), caller.role().spelling()));
    }
    return caller;
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

  private static Optional<String> password(HttpRequest request) {
    return request
        .getHeader(Authorization.class)
        .map(Authorization::credentials)
        .filter(BasicHttpCredentials.class::isInstance)
        .map(credentials -> ((BasicHttpCredentials) credentials).password());
  }

  private ProblemException refused(ProblemKind kind, String detail) {
    refusals.accept(kind);
    return new ProblemException(kind, detail);
  }
}
