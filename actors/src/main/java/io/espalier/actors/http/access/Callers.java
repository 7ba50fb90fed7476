package io.espalier.actors.http.access;

import java.io.IOException;
import java.util.Optional;

/** Knows whom secrets belong to; thread-safe. */
@FunctionalInterface
public interface Callers {
  /** Nobody has a secret: for servers that ask for none. */
  Callers NONE = secret -> Optional.empty();

  /**
   * Who a secret belongs to; empty if it is wrong or revoked.
   *
   * @throws IOException if that cannot be told right now
   */
  Optional<Caller> find(String secret) throws IOException;
}
