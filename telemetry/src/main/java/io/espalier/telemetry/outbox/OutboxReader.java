package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import java.io.ByteArrayOutputStream;
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
 * line is ignored, and so is one that is no event, as after a disk has lost a bit: nothing that
 * steers a run is read from here, and offsets must stay. Not thread-safe.
 */
public final class OutboxReader implements AutoCloseable {
  /** Bytes of the longest line that is accepted, without its line break. */
  public static final int MAX_LINE_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
  private long offset;
  private long firstDamaged = -1;
  private int damaged;

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

  /** Visits an outbox's events, except unknown types and damaged ones. */
  public static void forEach(Path runDirectory, Consumer<Envelope> action) throws IOException {
    try (OutboxReader reader = open(runDirectory, 0)) {
      Optional<Line> line = reader.next();
      while (line.isPresent()) {
        decoded(line.get().envelope()).ifPresent(action);
        line = reader.next();
      }
    }
  }

  /** Decodes an event; empty if its type or topic is unknown, or its data are damaged. */
  static Optional<Envelope> decoded(RawEnvelope envelope) {
    try {
      return envelope.decode();
    } catch (IOException e) {
      // As good as a line that is no event.
      return Optional.empty();
    }
  }

  public long offset() {
    return offset;
  }

  /** Returns how many complete lines so far were no events. */
  int damaged() {
    return damaged;
  }

  /** Returns the offset of the first of them, −1 if there is none. */
  long firstDamaged() {
    return firstDamaged;
  }

  /**
   * Returns the next complete line that is an event; empty at the present end.
   *
   * @throws IOException if the line is too long; the reader stays where it is
   */
  public Optional<Line> next() throws IOException {
    Optional<byte[]> line = nextLine();
    while (line.isPresent()) {
      byte[] bytes = line.get();
      offset += bytes.length + 1L;
      try {
        return Optional.of(new Line(sound(EventJson.envelope(bytes)), offset));
      } catch (IOException e) {
        noteDamage(bytes);
      }
      line = nextLine();
    }
    return Optional.empty();
  }

  /** A field whose name has lost a bit is as if it were absent. */
  private static RawEnvelope sound(RawEnvelope envelope) throws IOException {
    boolean named = !envelope.id().isEmpty() && !envelope.type().isEmpty();
    if (!named
        || envelope.topic().isEmpty()
        || envelope.sequence() < 1
        || !RunId.isValid(OutboxHistory.runOf(envelope))) {
      throw new IOException("an envelope must be whole: id=" + envelope.id());
    }
    return envelope;
  }

  private void noteDamage(byte[] line) {
    firstDamaged = damaged == 0 ? offset - line.length - 1 : firstDamaged;
    damaged++;
  }

  private Optional<byte[]> nextLine() throws IOException {
    var line = new ByteArrayOutputStream(512);
    long position = offset;
    while (fill(position)) {
      int start = buffer.position();
      int stop = endOfLine(start);
      if (line.size() + stop - start > MAX_LINE_BYTES) {
        buffer.limit(0);
        throw tooLong();
      }
      line.write(buffer.array(), start, stop - start);
      position += stop - start;
      if (stop < buffer.limit()) {
        buffer.position(stop + 1);
        return Optional.of(line.toByteArray());
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

  private boolean fill(long position) throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int read = channel.read(buffer, position);
    buffer.flip();
    return read > 0;
  }

  private IOException tooLong() {
    return new IOException(
        "a line of an outbox must be at most %d bytes long: file=%s, offset=%d; restore the file, or begin its recipe as a new run"
            .formatted(MAX_LINE_BYTES, file, offset));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
