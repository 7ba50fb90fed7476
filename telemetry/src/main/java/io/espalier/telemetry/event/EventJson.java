package io.espalier.telemetry.event;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import io.espalier.configs.file.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The JSON form of events and envelopes.
 *
 * <p>An envelope is one line: {@code {"id":…,"source":…,"type":…,"topic":…,"sequence":…,
 * "attempt":…,"key":…,"time":…,"data":{…}}}. Unknown fields are ignored. Numbers that JSON cannot
 * hold (NaN, infinities) are strings. Thread-safe.
 */
public final class EventJson {
  private static final int LINE_BYTES = 1024;
  private static final ObjectMapper MAPPER =
      Json.LENIENT
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
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
    byte[] line = lines(List.of(envelope), Integer.MAX_VALUE);
    return Arrays.copyOf(line, line.length - 1);
  }

  /**
   * Returns the envelopes as lines, each with its line break.
   *
   * @throws IllegalArgumentException if a line without its break has more than {@code mostBytes}
   */
  public static byte[] lines(List<Envelope> envelopes, int mostBytes) {
    var lines = new ByteArrayOutputStream(LINE_BYTES * envelopes.size());
    try (var json = MAPPER.createGenerator(lines)) {
      json.setRootValueSeparator(null);
      for (Envelope envelope : envelopes) {
        int start = lines.size();
        write(envelope, json);
        json.flush();
        requireShort(lines.size() - start, mostBytes);
        lines.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory must take an event", e);
    }
    return lines.toByteArray();
  }

  private static void requireShort(int bytes, int most) {
    if (bytes > most) {
      throw new IllegalArgumentException(
          "an event must have at most %d bytes of JSON: bytes=%d".formatted(most, bytes));
    }
  }

  private static void write(Envelope envelope, JsonGenerator json) {
    try {
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
  }

  /**
   * Decodes {@link #line}.
   *
   * @throws IOException if the line is no envelope
   */
  public static RawEnvelope envelope(byte[] line) throws IOException {
    Map<String, String> texts = new HashMap<>();
    long sequence = 0;
    int attempt = 0;
    Optional<String> data = Optional.empty();
    try (JsonParser json = MAPPER.createParser(line)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "sequence" -> sequence = json.getValueAsLong();
          case "attempt" -> attempt = json.getValueAsInt();
          case "data" ->
              data = value == JsonToken.START_OBJECT ? Optional.of(text(json, line)) : data;
          default -> texts.put(name, json.getValueAsString(""));
        }
        json.skipChildren();
      }
    }
    return envelope(texts, sequence, attempt, data);
  }

  /** The object that starts at the current token, as it stands in the line. */
  private static String text(JsonParser json, byte[] line) throws IOException {
    int start = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    int end = (int) json.currentLocation().getByteOffset();
    return new String(line, start, end - start, StandardCharsets.UTF_8);
  }

  private static RawEnvelope envelope(
      Map<String, String> texts, long sequence, int attempt, Optional<String> data)
      throws IOException {
    UnaryOperator<String> text = name -> texts.getOrDefault(name, "");
    String found =
        data.orElseThrow(
            () ->
                new IOException(
                    "a line must be an envelope with data: type=" + text.apply("type")));
    try {
      return new RawEnvelope(
          text.apply("id"),
          text.apply("source"),
          text.apply("type"),
          text.apply("topic"),
          sequence,
          attempt,
          text.apply("key"),
          Instant.parse(text.apply("time")),
          found);
    } catch (DateTimeException e) {
      throw new IOException("a line must name its time: id=" + text.apply("id"), e);
    }
  }
}
