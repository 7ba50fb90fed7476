package io.espalier.trainer.federated;

import java.util.function.Supplier;

public final class MalformedPayloadException extends RuntimeException {
  private final Reason reason;

  public enum Reason {
    MALFORMED,
    WRONG_COUNT,
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
