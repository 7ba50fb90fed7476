package io.espalier.cli.console;

/** A command refuses what its user asked for; the message says what would be accepted. */
public final class CommandRefusedException extends RuntimeException {
  public CommandRefusedException(String message) {
    super(message);
  }
}
