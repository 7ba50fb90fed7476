package io.espalier.actors.federation.link;

import io.espalier.actors.federation.transfer.Reason;
import io.espalier.actors.federation.transfer.WireKeys;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * The connection failed, or the server did; after a {@link BackOff} the same may be tried again.
 */
public final class LinkLostException extends Exception {
  LinkLostException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What the failure of a call means: a refusal if the server named a reason, else this. */
  static Exception of(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    String reason = trailers == null ? null : trailers.get(WireKeys.REASON);
    Status status = Status.fromThrowable(failure);
    String detail = String.valueOf(status.getDescription());
    return reason == null
        ? new LinkLostException(
            "the server must be reached: status=%s, %s".formatted(status.getCode(), cause(status)),
            failure)
        : new RefusedException(
            reason, detail, Reason.ofWord(reason).map(Reason::retry).orElse(false));
  }

  private static String cause(Status status) {
    Throwable cause = status.getCause();
    return cause == null || cause.getMessage() == null
        ? String.valueOf(status.getDescription())
        : cause.getMessage();
  }
}
