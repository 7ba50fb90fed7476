package io.espalier.configs.custom;

/** A user's own code failed, or gave what it must not give, while a run was using it. */
public final class CustomMemberException extends RuntimeException {
  CustomMemberException(String message) {
    super(message);
  }

  CustomMemberException(String message, Throwable cause) {
    super(message, cause);
  }
}
