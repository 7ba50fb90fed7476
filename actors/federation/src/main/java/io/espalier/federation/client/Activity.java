package io.espalier.federation.client;

import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import java.util.Optional;

/** What a client does at present: at most one thing. */
sealed interface Activity {
  /** The assignment that payloads are fetched for, or that is worked on. */
  default Optional<Assignment> assignment() {
    return Optional.empty();
  }

  record Idle() implements Activity {}

  /**
   * Downloads payloads.
   *
   * @param attempt number of the connection that they come over
   */
  record Fetching(Assignment taken, int attempt) implements Activity {
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
