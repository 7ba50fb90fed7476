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
    NO_SUCH_DATA,
    /** An unfinished run uses the data set. */
    DATA_IN_USE,
    /** The name belongs to another data set. */
    DATA_EXISTS,
    INVALID_DATA,
    TOO_LARGE,
    TOO_SLOW,
    /** The limit of all data sets is reached, or the disk is full. */
    NO_ROOM,
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
