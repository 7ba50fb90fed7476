package io.espalier.service.client;

/** A service refuses, fails or cannot be reached; the message has rule, value and way out. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public enum Reason {
    UNREACHABLE,
    /** The token is missing, unknown, or of too small a role. */
    UNAUTHORIZED,
    NOT_FOUND,
    REFUSED,
    UNAVAILABLE,
    /** The service failed, or its answer is not of this version of the API. */
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

  /** Whether the same request may succeed later. */
  public boolean isPassing() {
    return reason == Reason.UNREACHABLE || reason == Reason.UNAVAILABLE;
  }
}
