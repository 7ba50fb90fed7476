package io.espalier.trainer.stream;

/** A stream cannot be read on: its message says what to do. Trying again does not help. */
public final class StreamFailedException extends RuntimeException {
  public StreamFailedException(String message) {
    super(message);
  }
}
