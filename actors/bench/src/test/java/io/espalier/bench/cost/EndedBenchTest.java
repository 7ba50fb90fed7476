package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.Espalier;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bench whose engine computes all the time is ended by a signal. */
@Tag("slow")
final class EndedBenchTest {
  private static final int ENDS = 10;
  private static final int TERMINATED = 128 + 15;
  private static final int LONGEST_WAIT_MS = 1_500;
  private static final List<String> STAGES =
      List.of(": steps …", ": mask updates …", ": two trainers …");
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @TempDir private Path directory;

  @Test
  void step_terminatedAtAnyMoment_endsWithItsCodeAndLeavesNothing() throws Exception {
    Random random = new Random(1);
    Path working = Files.createDirectory(directory.resolve("working"));
    Files.createDirectory(working.resolve("tmp"));
    for (int end = 0; end < ENDS; end++) {
      // Given
      String stage = STAGES.get(end % STAGES.size());
      Path log = directory.resolve("log-" + end);
      try (ChildJvm bench = ChildJvm.start(Espalier.class, arguments(), home(), log, working)) {
        bench.awaitPrinted(stage, 1);
        Thread.sleep(random.nextInt(LONGEST_WAIT_MS));

        // When
        bench.signal("TERM");
        int exitCode = bench.await();

        // Then
        assertThat(exitCode).as(bench.printed()).isEqualTo(TERMINATED);
        assertThat(bench.printed()).doesNotContain("SIGSEGV", "fatal error", "Exception");
        assertThat(files(working))
            .as("end %d, %s", end, stage)
            .containsExactlyInAnyOrder("", "tmp");
        assertThat(sharedMemory(bench.pid())).as("end %d, %s", end, stage).isEmpty();
      }
    }
  }

  private List<String> arguments() {
    return List.of(
        "bench",
        "step",
        "--networks",
        "lenet-300-100",
        "--rounds",
        "1",
        "--seconds",
        "10",
        "--out",
        directory.resolve("out").toString());
  }

  private Path home() throws IOException {
    return Files.createDirectories(directory.resolve("home"));
  }

  private static List<String> files(Path working) throws IOException {
    try (Stream<Path> files = Files.walk(working)) {
      return files.map(file -> working.relativize(file).toString()).toList();
    }
  }

  private static List<Path> sharedMemory(long process) throws IOException {
    if (!Files.isDirectory(SHARED_MEMORY)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(SHARED_MEMORY)) {
      return files.filter(file -> file.toString().contains("-" + process + "-")).toList();
    }
  }
}
