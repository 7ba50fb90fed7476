package io.espalier.federation.trust;

/** Trust cannot be given or had; the message says why and what to do. */
public final class TrustException extends RuntimeException {
  public TrustException(String message) {
    super(message);
  }

  public TrustException(String message, Throwable cause) {
    super(message, cause);
  }
}
