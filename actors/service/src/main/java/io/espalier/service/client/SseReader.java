package io.espalier.service.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads server-sent events (WHATWG, HTML Living Standard). An event that is cut off before its
 * blank line does not count. Akka's parser needs an actor system, which clients do not start. Not
 * thread-safe.
 */
final class SseReader {
  private static final int MOST_BYTES = 16 << 20;

  private final InputStream in;
  private final Runnable heard;
  private String id = "";
  private String event = "";
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean afterReturn;

  record Sse(String id, String event, String data) {}

  /** Calls {@code heard} for each line, comments included. */
  SseReader(InputStream in, Runnable heard) {
    this.in = new BufferedInputStream(in);
    this.heard = heard;
  }

  /** Empty at the end of the stream. */
  Optional<Sse> next() throws IOException {
    Optional<String> line = line();
    while (line.isPresent()) {
      heard.run();
      if (!line.get().isEmpty()) {
        field(line.get());
      } else if (hasData || !event.isEmpty()) {
        return Optional.of(dispatched());
      }
      line = line();
    }
    return Optional.empty();
  }

  private Sse dispatched() {
    Sse whole = new Sse(id, event, data.toString());
    event = "";
    data.setLength(0);
    hasData = false;
    return whole;
  }

  private void field(String line) throws IOException {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
    switch (name) {
      case "id" -> id = value;
      case "event" -> event = value;
      case "data" -> append(value);
      default -> {}
    }
  }

  private void append(String value) throws IOException {
    if (hasData) {
      data.append('\n');
    }
    hasData = true;
    data.append(value);
    requireSize(data.length());
  }

  private Optional<String> line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    for (int next = read(); next >= 0; next = read()) {
      if (next == '\n' || next == '\r') {
        afterReturn = next == '\r';
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
      }
      bytes.write(next);
      requireSize(bytes.size());
    }
    return Optional.empty();
  }

  /** Skips a line feed that follows a carriage return. */
  private int read() throws IOException {
    int next = in.read();
    if (afterReturn && next == '\n') {
      next = in.read();
    }
    afterReturn = false;
    return next;
  }

  private static void requireSize(int bytes) throws IOException {
    if (bytes > MOST_BYTES) {
      throw new IOException("an event must have at most %d bytes".formatted(MOST_BYTES));
    }
  }
}
