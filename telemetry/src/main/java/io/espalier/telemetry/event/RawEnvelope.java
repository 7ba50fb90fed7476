package io.espalier.telemetry.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** An envelope whose event is still JSON text, so that events of newer versions pass through. */
public record RawEnvelope(
    String id,
    String source,
    String type,
    String topic,
    long sequence,
    int attempt,
    String key,
    Instant time,
    String data) {
  /**
   * Decodes the event; empty if type or topic is unknown.
   *
   * @throws IOException if the data does not fit the type, or a field breaks its rule
   */
  public Optional<Envelope> decode() throws IOException {
    Optional<EventType> known = EventType.named(type);
    Optional<Topic> knownTopic = Topic.named(topic);
    if (known.isEmpty() || knownTopic.isEmpty()) {
      return Optional.empty();
    }
    Event event = EventJson.event(known.get(), data.getBytes(StandardCharsets.UTF_8));
    try {
      return Optional.of(
          new Envelope(id, source, knownTopic.get(), sequence, attempt, key, time, event));
    } catch (IllegalArgumentException e) {
      throw new IOException("an envelope must be whole: " + e.getMessage(), e);
    }
  }
}
