package io.espalier.service;

/** The service refuses a request; the message says the rule, the value and the way out. */
public final class RefusedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why, as programs see it. */
  public enum Reason {
    /** There is no run of that id. */
    NO_SUCH_RUN,
    /** The run is in a state in which that cannot be done. */
    NOT_IN_THIS_STATE,
    /** The idempotency key belongs to another submission. */
    KEY_IN_USE,
    /** The service has as much waiting as it takes. */
    FULL,
    /** The service cannot answer right now, such as while a node takes over. */
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
