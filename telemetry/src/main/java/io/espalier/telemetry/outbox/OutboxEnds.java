package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.outbox.OutboxReader.Line;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the first and the last events of an outbox, which say what and how far a run is. */
public final class OutboxEnds {
  private static final int FIRST_EVENTS = 16;
  private static final int LAST_BYTES = 1 << 16;

  private OutboxEnds() {}

  /**
   * Visits the first events and those of the last 64 KB, each once, except unknown types and
   * damaged ones.
   *
   * @throws IOException if the file cannot be read, or a line is too long
   */
  public static void forEach(Path runDirectory, Consumer<Envelope> action) throws IOException {
    long next;
    try (OutboxReader reader = OutboxReader.open(runDirectory, 0)) {
      for (int i = 0; i < FIRST_EVENTS; i++) {
        reader.next().map(Line::envelope).flatMap(OutboxReader::decoded).ifPresent(action);
      }
      next = reader.offset();
    }
    try (OutboxReader reader = OutboxReader.open(runDirectory, lastLines(runDirectory, next))) {
      Optional<Line> line = reader.next();
      while (line.isPresent()) {
        OutboxReader.decoded(line.get().envelope()).ifPresent(action);
        line = reader.next();
      }
    }
  }

  /** The offset of the first line that begins in the last bytes, and not before {@code next}. */
  private static long lastLines(Path runDirectory, long next) throws IOException {
    Path file = runDirectory.resolve(Outbox.FILE_NAME);
    long from = Files.size(file) - LAST_BYTES;
    if (from <= next) {
      return next;
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      bytes.seek(from - 1);
      byte[] last = new byte[LAST_BYTES + 1];
      int read = bytes.read(last);
      for (int i = 0; i < read; i++) {
        if (last[i] == '\n') {
          return from + i;
        }
      }
    }
    return next;
  }
}
