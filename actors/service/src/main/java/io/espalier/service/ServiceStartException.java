package io.espalier.service;

/** A node cannot start; the message names the rule, the value and the way out. */
public final class ServiceStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ServiceStartException(String message, Throwable cause) {
    super(message, cause);
  }

  public ServiceStartException(String message) {
    super(message);
  }
}
