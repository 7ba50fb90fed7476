package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * How far an outbox has been acknowledged by a broker, kept in {@code events.offset} of the run
 * directory as {@code bytes logs}.
 *
 * @param bytes offset of the first line that is not acknowledged
 * @param logs names the topics' logs that hold it, see {@link Publication#logs}
 */
record ShippedOffset(long bytes, String logs) {
  private static final String FILE_NAME = "events.offset";

  /** What the run directory says; nothing acknowledged if it says nothing readable. */
  static ShippedOffset read(Path runDirectory) {
    try {
      List<String> parts =
          List.of(Files.readString(runDirectory.resolve(FILE_NAME)).strip().split(" ", 2));
      return new ShippedOffset(Long.parseLong(parts.get(0)), parts.size() == 2 ? parts.get(1) : "");
    } catch (IOException | NumberFormatException e) {
      return new ShippedOffset(0, "");
    }
  }

  /** Replaces what the run directory says, in one step. */
  void write(Path runDirectory) throws IOException {
    Path written = runDirectory.resolve(FILE_NAME + ".new");
    Files.writeString(written, bytes + " " + logs + "\n");
    Files.move(
        written,
        runDirectory.resolve(FILE_NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Where to go on with these logs: others have seen nothing yet. */
  long resumeAt(String others) {
    return logs.equals(others) ? bytes : 0;
  }
}
