package io.espalier.service.api;

import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** The text of a stream of events (WHATWG, HTML Living Standard, server-sent events). */
final class SseText {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final String UNKNOWN = "unknown";
  private static final int MARGIN = 256;

  private final ByteArrayOutputStream bytes;

  SseText(int expected) {
    this.bytes = new ByteArrayOutputStream(expected + expected / 2 + MARGIN);
  }

  /** Told to no one, but keeps a connection alive. */
  static ByteString heartbeat() {
    return ByteString.fromString(":\n\n");
  }

  /** How long a client waits before it comes back. */
  static ByteString retry(Duration wait) {
    return ByteString.fromString("retry: " + wait.toMillis() + "\n\n");
  }

  /** The last event of a stream. */
  static ByteString end(byte[] json) {
    var text = new SseText(json.length);
    text.ascii("event: end\ndata: ");
    text.bytes.writeBytes(json);
    text.ascii("\n\n");
    return text.bytes();
  }

  /** Adds a line of an outbox, without its line break. */
  void event(long id, byte[] line, int begin, int length) {
    ascii("id: " + id + "\nevent: " + type(line, begin, length) + "\ndata: ");
    for (int i = begin; i < begin + length; i++) {
      // A carriage return would end the line early; valid JSON has none that matters.
      bytes.write(line[i] == '\r' ? ' ' : line[i]);
    }
    ascii("\n\n");
  }

  ByteString bytes() {
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  private void ascii(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The field {@code type} of an envelope, which stands near its beginning. */
  private static String type(byte[] line, int begin, int length) {
    try (JsonParser parser = JSON.createParser(line, begin, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return UNKNOWN;
      }
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals("type")) {
          String type = parser.getValueAsString(UNKNOWN);
          return TYPE.matcher(type).matches() ? type : UNKNOWN;
        }
        parser.skipChildren();
      }
      return UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
