package io.espalier.bench.chaos;

import io.espalier.telemetry.event.RawEnvelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether events are numbered 1, 2, 3 … per source and topic, in the order in which they lie. */
public final class SequenceCheck {
  private SequenceCheck() {}

  /** In words, where numbers are missing, repeated or out of order; empty if they are not. */
  public static List<String> breaks(List<RawEnvelope> envelopes) {
    Map<String, Long> last = new HashMap<>();
    List<String> breaks = new ArrayList<>();
    for (RawEnvelope envelope : envelopes) {
      String stream = "source %s, topic %s".formatted(envelope.source(), envelope.topic());
      long expected = last.getOrDefault(stream, 0L) + 1;
      if (envelope.sequence() != expected) {
        breaks.add(
            "%s: expected sequence=%d, found=%d".formatted(stream, expected, envelope.sequence()));
      }
      last.put(stream, envelope.sequence());
    }
    return breaks;
  }
}
