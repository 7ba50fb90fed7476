package io.espalier.telemetry.kafka;

/** A topic cannot be read on, however often it is tried; the message says what to do. */
public final class TopicLostException extends RuntimeException {
  TopicLostException(String message) {
    super(message);
  }
}
