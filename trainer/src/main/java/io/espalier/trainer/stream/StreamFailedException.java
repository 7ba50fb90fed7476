package io.espalier.trainer.stream;

/** A stream cannot be read on; retrying does not help. The message names the way out. */
public final class StreamFailedException extends RuntimeException {
  public StreamFailedException(String message) {
    super(message);
  }
}
