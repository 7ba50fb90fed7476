package io.espalier.federation.trust;

/** A failure of certificates, tokens or keys; the message has the cause and the way out. */
public final class TrustException extends RuntimeException {
  public TrustException(String message) {
    super(message);
  }

  public TrustException(String message, Throwable cause) {
    super(message, cause);
  }
}
