package io.espalier.configs.custom;

/** A user's code threw or returned an invalid value during a run. */
public final class CustomMemberException extends RuntimeException {
  CustomMemberException(String message) {
    super(message);
  }

  CustomMemberException(String message, Throwable cause) {
    super(message, cause);
  }
}
