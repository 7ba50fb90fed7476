package io.espalier.training.run;

/** A run directory cannot serve; the message says why and what to do. */
public final class InvalidRunDirectoryException extends RuntimeException {
  public InvalidRunDirectoryException(String message) {
    super(message);
  }
}
