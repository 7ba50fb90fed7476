package io.espalier.training.run;

/** A run directory cannot be used; the message names the rule, the value and the way out. */
public final class InvalidRunDirectoryException extends RuntimeException {
  public InvalidRunDirectoryException(String message) {
    super(message);
  }
}
