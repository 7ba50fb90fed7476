package io.espalier.service.client;

/** A service refuses, fails or is not there; the message says the rule, the value, the way out. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why, as programs see it. */
  public enum Reason {
    /** Nobody answers, or the connection broke. */
    UNREACHABLE,
    /** The token is missing, unknown, or of too small a role. */
    UNAUTHORIZED,
    /** There is no such thing. */
    NOT_FOUND,
    /** The request cannot be met as it is. */
    REFUSED,
    /** The service cannot answer right now. */
    UNAVAILABLE,
    /** The service failed, or speaks otherwise than this client. */
    FAILED
  }

  ServiceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ServiceException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether the same request may be answered a little later. */
  public boolean isPassing() {
    return reason == Reason.UNREACHABLE || reason == Reason.UNAVAILABLE;
  }
}
