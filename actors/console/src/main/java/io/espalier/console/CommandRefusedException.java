package io.espalier.console;

/** A command refuses its options or arguments; the message names what it accepts. */
public final class CommandRefusedException extends RuntimeException {
  public CommandRefusedException(String message) {
    super(message);
  }
}
