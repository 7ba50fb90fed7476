package io.espalier.federation.transfer;

import java.util.Optional;

/** Receives all refusals. Called by any thread; must not block. */
@FunctionalInterface
public interface RefusalListener {
  /**
   * Receives a refusal.
   *
   * @param client if it is known
   * @param detail the rule and the value that broke it
   */
  void refused(Optional<String> client, RefusalReason reason, String detail);
}
