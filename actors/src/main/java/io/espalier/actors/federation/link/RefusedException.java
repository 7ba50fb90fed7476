package io.espalier.actors.federation.link;

import io.espalier.actors.federation.protocol.Refusal;
import io.espalier.actors.federation.transfer.Reason;

/** The server has refused something, or what it sent is not what it promised. */
public final class RefusedException extends Exception {
  private final String reason;
  private final boolean retry;

  RefusedException(String reason, String detail, boolean retry) {
    super(reason + ": " + detail);
    this.reason = reason;
    this.retry = retry;
  }

  RefusedException(Refusal refusal) {
    this(refusal.getReason(), refusal.getDetail(), refusal.getRetry());
  }

  RefusedException(Reason reason, String detail) {
    this(reason.word(), detail, reason.retry());
  }

  /** A stable word: that of a {@link Reason}, or of one that a newer server has. */
  public String reason() {
    return reason;
  }

  /** Whether the same may succeed later. */
  public boolean retry() {
    return retry;
  }
}
