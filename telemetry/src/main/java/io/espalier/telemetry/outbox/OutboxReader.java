package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.RawEnvelope;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the complete lines of an outbox, also while another process appends. An unterminated last
 * line is ignored. Not thread-safe.
 */
public final class OutboxReader implements AutoCloseable {
  /** Bytes of the longest line that is accepted, without its line break. */
  public static final int MAX_LINE_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
  private long offset;

  /** An envelope and {@code end}, the offset in bytes just after its line. */
  public record Line(RawEnvelope envelope, long end) {}

  private OutboxReader(Path file, FileChannel channel, long offset) {
    this.file = file;
    this.channel = channel;
    this.offset = offset;
  }

  /** Reads an outbox from {@code offset}, the start of a line. */
  public static OutboxReader open(Path runDirectory, long offset) throws IOException {
    Path file = runDirectory.resolve(Outbox.FILE_NAME);
    return new OutboxReader(file, FileChannel.open(file, StandardOpenOption.READ), offset);
  }

  /** Returns all events of an outbox; none if it is missing. */
  public static List<RawEnvelope> readAll(Path runDirectory) throws IOException {
    if (!Files.exists(runDirectory.resolve(Outbox.FILE_NAME))) {
      return List.of();
    }
    try (OutboxReader reader = open(runDirectory, 0)) {
      return reader.next(Integer.MAX_VALUE);
    }
  }

  /** Visits an outbox's events, except unknown types. */
  public static void forEach(Path runDirectory, Consumer<Envelope> action) throws IOException {
    try (OutboxReader reader = open(runDirectory, 0)) {
      Optional<Line> line = reader.next();
      while (line.isPresent()) {
        line.get().envelope().decode().ifPresent(action);
        line = reader.next();
      }
    }
  }

  public long offset() {
    return offset;
  }

  /**
   * Returns the next complete line; empty at the present end.
   *
   * @throws IOException if the line is too long or no envelope; the reader stays where it is
   */
  public Optional<Line> next() throws IOException {
    var line = new ByteArrayOutputStream(512);
    long position = offset;
    while (fill(position)) {
      int start = buffer.position();
      int stop = endOfLine(start);
      if (line.size() + stop - start > MAX_LINE_BYTES) {
        buffer.limit(0);
        throw refuse("at most " + MAX_LINE_BYTES + " bytes long", new EOFException());
      }
      line.write(buffer.array(), start, stop - start);
      position += stop - start;
      if (stop < buffer.limit()) {
        buffer.position(stop + 1);
        return Optional.of(parse(line.toByteArray(), position + 1));
      }
      buffer.position(stop);
    }
    buffer.limit(0);
    return Optional.empty();
  }

  /** The place of the next line break in the buffer, or the buffer's limit. */
  private int endOfLine(int start) {
    byte[] bytes = buffer.array();
    int at = start;
    while (at < buffer.limit() && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  public List<RawEnvelope> next(int most) throws IOException {
    List<RawEnvelope> found = new ArrayList<>();
    Optional<Line> line = next();
    while (line.isPresent()) {
      found.add(line.get().envelope());
      line = found.size() < most ? next() : Optional.empty();
    }
    return found;
  }

  private Line parse(byte[] bytes, long end) throws IOException {
    try {
      var line = new Line(EventJson.envelope(bytes), end);
      offset = end;
      return line;
    } catch (IOException e) {
      buffer.limit(0);
      throw refuse("one event", e);
    }
  }

  private boolean fill(long position) throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int read = channel.read(buffer, position);
    buffer.flip();
    return read > 0;
  }

  private IOException refuse(String rule, IOException cause) {
    return new IOException(
        "a line of an outbox must be " + rule + ": file=" + file + ", offset=" + offset, cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
