package io.espalier.trainer.federated.payload;

import java.util.function.Supplier;

/** Bytes are not what they should be; {@link #reason} says in what way. */
public final class MalformedPayloadException extends RuntimeException {
  private final Reason reason;

  /** What is wrong. */
  public enum Reason {
    /** The bytes cannot be read as what they should be. */
    MALFORMED,
    /** Lengths or numbers do not fit network and masks. */
    WRONG_COUNT,
    /** A value is NaN or infinite. */
    NOT_FINITE
  }

  MalformedPayloadException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  static void require(boolean holds, Reason reason, Supplier<String> message) {
    if (!holds) {
      throw new MalformedPayloadException(reason, message.get());
    }
  }
}
