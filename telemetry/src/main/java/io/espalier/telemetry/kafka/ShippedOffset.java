package io.espalier.telemetry.kafka;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  void write(Path file) throws IOException {
    byte[] line = (bytes + " " + logs + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(line));
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
