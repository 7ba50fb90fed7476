package io.espalier.federation.transfer;

import java.util.Optional;

/** Hears of everything that is refused. Called by any thread; must not block. */
@FunctionalInterface
public interface RefusalListener {
  /**
   * Something was refused.
   *
   * @param client if it is known
   * @param detail the rule and the value that broke it
   */
  void refused(Optional<String> client, RefusalReason reason, String detail);
}
