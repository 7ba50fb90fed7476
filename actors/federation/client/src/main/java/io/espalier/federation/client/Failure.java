package io.espalier.federation.client;

import io.espalier.configs.fault.FailureText;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

record Failure(Throwable cause) {
  static Optional<Failure> of(@Nullable Throwable thrown) {
    return Optional.ofNullable(
            thrown instanceof CompletionException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown)
        .map(Failure::new);
  }

  /** Whether the same may succeed over the next connection. */
  boolean mayPass() {
    return cause instanceof LinkLostException
        || (cause instanceof ServerRefusedException refused && refused.retry());
  }

  String text() {
    return FailureText.of(cause);
  }

  ClientEvent event(String round) {
    return cause instanceof ServerRefusedException
        ? new ClientEvent.Refused(round, text())
        : new ClientEvent.WorkFailed(round, text());
  }
}
