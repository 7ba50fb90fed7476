package io.espalier.bench.harness;

/** A process that should have finished failed or hung; the message tells what it said last. */
public final class FailedProcessException extends Exception {
  public FailedProcessException(String message) {
    super(message);
  }
}
