package io.espalier.federation.client;

import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.refusal.RefusalReason;

/** The server refused a request, or broke its own promise. */
public final class ServerRefusedException extends Exception {
  private final String reason;
  private final boolean retry;

  ServerRefusedException(String reason, String detail, boolean retry) {
    super(reason + ": " + detail);
    this.reason = reason;
    this.retry = retry;
  }

  ServerRefusedException(Refusal refusal) {
    this(refusal.getReason(), refusal.getDetail(), refusal.getRetry());
  }

  ServerRefusedException(RefusalReason reason, String detail) {
    this(reason.word(), detail, reason.retry());
  }

  /** The word of a {@link RefusalReason}, or of one that a newer server has. */
  public String reason() {
    return reason;
  }

  /** Whether the same may succeed later. */
  public boolean retry() {
    return retry;
  }
}
