package io.espalier.service.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLogTest {
  @TempDir private Path directory;

  @Test
  void worker_thatPrintsNothing_leavesNoFile() {
    new WorkerLog(directory).close();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void lines_ofTwoAttempts_areInOneFile() throws IOException {
    for (String line : List.of("first", "second")) {
      try (WorkerLog log = new WorkerLog(directory)) {
        log.add(line);
      }
    }

    assertThat(Files.readString(directory.resolve("worker.log"))).isEqualTo("first\nsecond\n");
  }

  @Test
  void endlessPrinting_keepsTheNewestWithinTwoFiles() throws IOException {
    String line = "x".repeat(1023);
    try (WorkerLog log = new WorkerLog(directory)) {
      for (int i = 0; i < 4 * WorkerLog.MOST_BYTES / 1024; i++) {
        log.add(line);
      }
      log.add("the last");

      assertThat(log.last()).hasSize(20).endsWith("the last");
    }

    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("worker.log", "worker.log.1");
    assertThat(Files.size(directory.resolve("worker.log"))).isEqualTo("the last\n".length());
    assertThat(Files.size(directory.resolve("worker.log.1"))).isEqualTo(WorkerLog.MOST_BYTES);
  }

  @Test
  void lineWithoutEnd_comesInPieces() {
    List<String> pieces = new ArrayList<>();
    byte[] bytes = "abcdefgh\n\nij".getBytes(StandardCharsets.UTF_8);

    BoundedLines.read(new ByteArrayInputStream(bytes), 3, pieces::add);

    assertThat(pieces).containsExactly("abc", "def", "gh", "ij");
  }
}
