package io.espalier.telemetry.event;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import io.espalier.configs.file.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The JSON form of events and envelopes.
 *
 * <p>An envelope is one line: {@code {"id":…,"source":…,"type":…,"topic":…,"sequence":…,
 * "attempt":…,"key":…,"time":…,"data":{…}}}. Unknown fields are ignored. Numbers that JSON cannot
 * hold (NaN, infinities) are strings. Thread-safe.
 */
public final class EventJson {
  private static final ObjectMapper MAPPER =
      Json.LENIENT
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          // Lists and maps that older versions did not write are empty.
          .withConfigOverride(List.class, EventJson::emptyIfAbsent)
          .withConfigOverride(Map.class, EventJson::emptyIfAbsent)
          .build();

  private EventJson() {}

  private static void emptyIfAbsent(MutableConfigOverride override) {
    override.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }

  public static byte[] data(Event event) {
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event must have a JSON form: event=" + event, e);
    }
  }

  /**
   * Decodes {@link #data}.
   *
   * @throws IOException if it is no such event, or a text of it is missing
   */
  public static Event event(EventType type, byte[] data) throws IOException {
    Event event = MAPPER.readValue(data, type.record());
    if (event == null) {
      throw new IOException("data must be an event: type=" + type.name() + ", data=null");
    }
    return event;
  }

  /** Returns the envelope as one line, without its line break. */
  public static byte[] line(Envelope envelope) {
    var bytes = new ByteArrayOutputStream(512);
    try (var json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("id", envelope.id());
      json.writeStringField("source", envelope.source());
      json.writeStringField("type", EventType.of(envelope.event()).name());
      json.writeStringField("topic", envelope.topic().topicName());
      json.writeNumberField("sequence", envelope.sequence());
      json.writeNumberField("attempt", envelope.attempt());
      json.writeStringField("key", envelope.key());
      json.writeStringField("time", envelope.time().toString());
      json.writeFieldName("data");
      MAPPER.writeValue(json, envelope.event());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("an event must have a JSON form: id=" + envelope.id(), e);
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes {@link #line}.
   *
   * @throws IOException if the line is no envelope
   */
  public static RawEnvelope envelope(byte[] line) throws IOException {
    JsonNode tree = MAPPER.readTree(line);
    if (!tree.path("data").isObject()) {
      throw new IOException("a line must be an envelope with data: type=" + tree.path("type"));
    }
    try {
      return new RawEnvelope(
          tree.path("id").asText(),
          tree.path("source").asText(),
          tree.path("type").asText(),
          tree.path("topic").asText(),
          tree.path("sequence").asLong(),
          tree.path("attempt").asInt(),
          tree.path("key").asText(),
          Instant.parse(tree.path("time").asText()),
          tree.path("data").toString());
    } catch (DateTimeException e) {
      throw new IOException("a line must name its time: id=" + tree.path("id"), e);
    }
  }
}
