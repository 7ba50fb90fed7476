package io.espalier.telemetry.outbox;

import java.util.HashMap;
import java.util.Map;

final class SequenceNumbers {
  private final Map<Stream, Long> last = new HashMap<>();

  private record Stream(String source, String topic) {}

  long last(String source, String topic) {
    return last.getOrDefault(new Stream(source, topic), 0L);
  }

  void saw(String source, String topic, long sequence) {
    last.merge(new Stream(source, topic), sequence, Math::max);
  }
}
