package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.HttpCredentials;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets calls pass whose token allows them. Thread-safe. */
public final class BearerAuthentication {
  private static final Logger LOG = LoggerFactory.getLogger(BearerAuthentication.class);

  private final CallerDirectory callers;
  private final Consumer<ProblemKind> refusals;

  /**
   * @param refusals hears of each call that is not let pass
   */
  public BearerAuthentication(CallerDirectory callers, Consumer<ProblemKind> refusals) {
    this.callers = callers;
    this.refusals = refusals;
  }

  /** The caller, if the route needs one. */
  Optional<Caller> admit(HttpRequest request, Optional<Role> needed) {
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
      LOG.warn("nobody is let in while the file of tokens cannot be read: {}", e.getMessage());
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
