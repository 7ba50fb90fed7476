package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * How far an outbox has been acknowledged by a broker, kept in {@code events.offset} of the run
 * directory, or in one of each holder by term, as {@code bytes logs}.
 *
 * @param bytes offset of the first line that is not acknowledged
 * @param logs names the topics' logs that hold it, see {@link Publication#logs}
 */
record ShippedOffset(long bytes, String logs) {
  static final String FILE_NAME = "events.offset";

  static ShippedOffset read(Path file) {
    try {
      List<String> parts = List.of(Files.readString(file).strip().split(" ", 2));
      return new ShippedOffset(Long.parseLong(parts.get(0)), parts.size() == 2 ? parts.get(1) : "");
    } catch (IOException | NumberFormatException e) {
      return new ShippedOffset(0, "");
    }
  }

  /**
   * Replaces the file atomically but does not force it: a lost offset only ships events again, and
   * forcing would widen the window in which a close loses it.
   */
  void write(Path file) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, bytes + " " + logs + "\n");
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  ShippedOffset within(long length) {
    return new ShippedOffset(Math.min(bytes, length), logs);
  }

  /** Returns the offset to resume at: 0 for other logs. */
  long resumeAt(String others) {
    return logs.equals(others) ? bytes : 0;
  }
}
