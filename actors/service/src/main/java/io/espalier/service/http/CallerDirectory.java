package io.espalier.service.http;

import java.io.IOException;
import java.util.Optional;

/** Finds the caller that a secret belongs to. Thread-safe. */
@FunctionalInterface
public interface CallerDirectory {
  /** For servers without tokens. */
  CallerDirectory NONE = secret -> Optional.empty();

  /** A client with a valid token of that name. */
  record Caller(String name, Role role) {}

  /**
   * Returns the owner of a secret; empty if it is wrong or revoked.
   *
   * @throws IOException if the directory cannot be read right now
   */
  Optional<Caller> find(String secret) throws IOException;
}
