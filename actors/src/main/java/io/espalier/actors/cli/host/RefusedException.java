package io.espalier.actors.cli.host;

/** A command refuses what its user asked for; the message says what would be accepted. */
public final class RefusedException extends RuntimeException {
  public RefusedException(String message) {
    super(message);
  }
}
