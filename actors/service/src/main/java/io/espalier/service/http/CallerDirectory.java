package io.espalier.service.http;

import io.espalier.service.Ownership;
import io.espalier.service.Quotas;
import io.espalier.service.Scope;
import io.espalier.service.Submitter;
import io.espalier.service.View;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Finds the caller that a secret belongs to. Thread-safe. */
@FunctionalInterface
public interface CallerDirectory {
  /** For servers without tokens. */
  CallerDirectory NONE = secret -> Optional.empty();

  /**
   * A client with a token of that name.
   *
   * @param since when the token's secret was made
   * @param expired when the token ended, if it has
   */
  record Caller(
      String name,
      Role role,
      Ownership ownership,
      Scope scope,
      Quotas quotas,
      Instant since,
      Optional<Instant> expired) {
    View view() {
      return new View(scope, ownership);
    }

    Submitter submitter() {
      return new Submitter(ownership, view(), quotas);
    }
  }

  /**
   * Returns the owner of a secret, whose token may have expired; empty if it is wrong or revoked.
   *
   * @throws IOException if the directory cannot be read right now
   */
  Optional<Caller> find(String secret) throws IOException;

  /**
   * Whether a caller's token still is as it was when the caller was found, and has not expired.
   *
   * @throws IOException if the directory cannot be read right now
   */
  default boolean isValid(Caller caller) throws IOException {
    return true;
  }
}
