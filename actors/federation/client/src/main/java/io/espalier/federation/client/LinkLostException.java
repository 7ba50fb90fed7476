package io.espalier.federation.client;

import io.espalier.configs.fault.Backoff;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.WireKeys;
import io.espalier.federation.trust.ServerFailure;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * The connection or the server failed; after a {@link Backoff} the same may be tried again unless
 * the server is not the right one.
 */
public final class LinkLostException extends Exception {
  private final boolean retry;

  private LinkLostException(String message, boolean retry, Throwable cause) {
    super(message, cause);
    this.retry = retry;
  }

  LinkLostException(String message, Throwable cause) {
    this(message, true, cause);
  }

  /** Converts the failure of a call: a refusal if the server named a reason, else this. */
  static Exception of(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    String reason = trailers == null ? null : trailers.get(WireKeys.REASON);
    return reason == null
        ? lost(Status.fromThrowable(failure), new ServerFailure(failure))
        : new ServerRefusedException(
            reason,
            String.valueOf(Status.fromThrowable(failure).getDescription()),
            RefusalReason.ofWord(reason).map(RefusalReason::retry).orElse(false));
  }

  private static LinkLostException lost(Status status, ServerFailure failure) {
    String message =
        failure
            .untrusted()
            .orElseGet(
                () ->
                    "the server must be reached: status=%s, cause=%s"
                        .formatted(status.getCode(), failure.cause()));
    return new LinkLostException(message, !failure.isLasting(), failure.thrown());
  }

  /** Whether the same may succeed later; if not, the message says what helps. */
  public boolean retry() {
    return retry;
  }
}
