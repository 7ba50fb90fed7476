package io.espalier.actors.cli.bench.process;

/** A process that should have finished failed or hung; the message tells what it said last. */
public final class FailedProcessException extends Exception {
  public FailedProcessException(String message) {
    super(message);
  }
}
