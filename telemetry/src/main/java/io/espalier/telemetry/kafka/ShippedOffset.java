package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * How far an outbox has been acknowledged by a cluster, kept in {@code events.offset} of the run
 * directory as {@code bytes cluster}.
 *
 * @param bytes offset of the first line that is not acknowledged
 * @param cluster id of the Kafka cluster that acknowledged
 */
record ShippedOffset(long bytes, String cluster) {
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
    Files.writeString(written, bytes + " " + cluster + "\n");
    Files.move(
        written,
        runDirectory.resolve(FILE_NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Where to go on with this cluster: another one has seen nothing yet. */
  long resumeAt(String otherCluster) {
    return cluster.equals(otherCluster) ? bytes : 0;
  }
}
