package io.espalier.service.notice;

import io.espalier.configs.fault.FailureText;
import io.espalier.federation.refusal.PrintableText;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** A destination did not take a notice. */
public final class DeliveryException extends RuntimeException {
  DeliveryException(String message) {
    super(message);
  }

  DeliveryException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The text of a failed attempt, printable on one line. */
  public static String text(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String text =
        cause instanceof TimeoutException ? "it did not answer in time" : FailureText.of(cause);
    return PrintableText.of(text.strip().replaceAll("\\s+", " "), PrintableText.DETAIL);
  }
}
