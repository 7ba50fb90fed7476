package io.espalier.service.node;

/** A node cannot start; the message says why and the way out. */
public final class ServiceStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServiceStartException(String message, Throwable cause) {
    super(message, cause);
  }

  ServiceStartException(String message) {
    super(message);
  }
}
