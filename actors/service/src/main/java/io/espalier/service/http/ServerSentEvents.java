package io.espalier.service.http;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The text of server-sent events (WHATWG, HTML Living Standard). Akka's own marshaller takes one
 * decoded string per event and sends heartbeats as empty events, which clients of version 0.1 do
 * not expect; this writer copies the bytes of many events into one piece. Not thread-safe.
 */
public final class ServerSentEvents {
  private static final int MARGIN = 256;

  private final ByteArrayOutputStream bytes;

  /** Reserves space for {@code expected} bytes of data. */
  public ServerSentEvents(int expected) {
    this.bytes = new ByteArrayOutputStream(expected + expected / 2 + MARGIN);
  }

  public static HttpResponse response(Source<ByteString, NotUsed> events) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), events))
        .addHeader(HttpResponses.header("X-Accel-Buffering", "no"));
  }

  /** A comment, which keeps a connection alive. */
  public static ByteString heartbeat() {
    return ByteString.fromString(":\n\n");
  }

  /** Sets how long a client waits before it connects again. */
  public static ByteString retry(Duration wait) {
    return ByteString.fromString("retry: " + wait.toMillis() + "\n\n");
  }

  public static ByteString data(JsonNode json) {
    return event("", json);
  }

  public static ByteString event(String type, JsonNode json) {
    byte[] data = HttpResponses.bytes(json);
    var events = new ServerSentEvents(data.length);
    events.add(type.isEmpty() ? "" : "event: " + type + "\n", data, 0, data.length);
    return events.bytes();
  }

  /** Adds an event with the data of {@code line}, which has no line feed. */
  public void add(long id, String type, byte[] line, int begin, int length) {
    add("id: " + id + "\nevent: " + type + "\n", line, begin, length);
  }

  public ByteString bytes() {
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  private void add(String fields, byte[] line, int begin, int length) {
    bytes.writeBytes((fields + "data: ").getBytes(StandardCharsets.US_ASCII));
    for (int i = begin; i < begin + length; i++) {
      // A carriage return would end the line early; in valid JSON it is only white space.
      bytes.write(line[i] == '\r' ? ' ' : line[i]);
    }
    bytes.writeBytes(new byte[] {'\n', '\n'});
  }
}
