package io.espalier.telemetry.outbox;

import java.util.HashMap;
import java.util.Map;

/** The last sequence per source and topic. Not thread-safe. */
final class SequenceNumbers {
  private final Map<Stream, Long> last = new HashMap<>();

  private record Stream(String source, String topic) {}

  /** The last sequence seen, 0 if none. */
  long last(String source, String topic) {
    return last.getOrDefault(new Stream(source, topic), 0L);
  }

  void saw(String source, String topic, long sequence) {
    last.merge(new Stream(source, topic), sequence, Math::max);
  }
}
