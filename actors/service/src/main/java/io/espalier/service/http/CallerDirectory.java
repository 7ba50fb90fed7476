package io.espalier.service.http;

import java.io.IOException;
import java.util.Optional;

/** Knows whom secrets belong to; thread-safe. */
@FunctionalInterface
public interface CallerDirectory {
  /** Nobody has a secret: for servers that ask for none. */
  CallerDirectory NONE = secret -> Optional.empty();

  /**
   * Who a secret belongs to; empty if it is wrong or revoked.
   *
   * @throws IOException if that cannot be told right now
   */
  Optional<Caller> find(String secret) throws IOException;
}
