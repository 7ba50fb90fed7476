package io.espalier.federation.refusal;

import java.util.Optional;

/** Receives all refusals. Called by any thread; must not block. */
@FunctionalInterface
public interface RefusalListener {
  /** {@code detail} has the rule and the value that broke it. */
  void refused(Optional<String> client, RefusalReason reason, String detail);
}
