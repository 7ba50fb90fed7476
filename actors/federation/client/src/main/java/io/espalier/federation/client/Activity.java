package io.espalier.federation.client;

import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import java.util.Optional;

/** The present activity of a client, at most one. */
sealed interface Activity {
  /** The assignment that payloads are fetched for, or that is worked on. */
  default Optional<Assignment> assignment() {
    return Optional.empty();
  }

  /** Whether it goes over a connection older than the one numbered {@code attempt}. */
  default boolean isLost(int attempt) {
    return false;
  }

  record Idle() implements Activity {}

  /** Downloads payloads over the connection numbered {@code attempt}. */
  record Fetching(Assignment taken, int attempt) implements Activity {
    @Override
    public boolean isLost(int newest) {
      return attempt != newest;
    }

    @Override
    public Optional<Assignment> assignment() {
      return Optional.of(taken);
    }
  }

  record Working(Assignment taken) implements Activity {
    @Override
    public Optional<Assignment> assignment() {
      return Optional.of(taken);
    }
  }

  record Delivering(FinishedResult result) implements Activity {}
}
