package io.espalier.trainer.federated.payload;

import java.util.function.Supplier;

/** Bytes are not what they should be; {@link #reason} says in what way. */
public final class MalformedPayloadException extends RuntimeException {
  private final Reason reason;

  /** What is wrong. */
  public enum Reason {
    /** The bytes cannot be read as what they should be. */
    MALFORMED("malformed"),
    /** Lengths or numbers do not fit network and masks. */
    WRONG_COUNT("wrong-count"),
    /** A value is NaN or infinite. */
    NOT_FINITE("not-finite"),
    /** The change is larger than the recipe allows. */
    NORM_BEYOND_BOUND("norm-beyond-bound");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    /** As telemetry and protocol spell it. */
    public String word() {
      return word;
    }
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
