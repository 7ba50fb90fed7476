package io.espalier.service;

/** The service refuses a request; the message names the rule, the value and the way out. */
public final class RefusedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public enum Reason {
    NO_SUCH_RUN,
    NOT_IN_THIS_STATE,
    /** The idempotency key belongs to another submission. */
    KEY_IN_USE,
    FULL,
    /** The service cannot answer at present, such as while a node takes over. */
    UNAVAILABLE
  }

  public RefusedRequestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
