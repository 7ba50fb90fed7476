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
   * Replaces a file in one step, without forcing it to disk: a lost offset only ships events again,
   * and a forced write after each batch would leave more time in which a close loses it.
   */
  void write(Path file) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, bytes + " " + logs + "\n");
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Limits the offset to an outbox of {@code length} bytes. */
  ShippedOffset within(long length) {
    return new ShippedOffset(Math.min(bytes, length), logs);
  }

  /** Returns the offset to resume at with these logs: other logs have seen nothing yet. */
  long resumeAt(String others) {
    return logs.equals(others) ? bytes : 0;
  }
}
