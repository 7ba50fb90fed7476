package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.Espalier;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final int LONGEST_MS = 4_000;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @TempDir private Path directory;

  @Test
  void step_terminatedAtAnyMoment_endsWithItsCodeAndLeavesNothing() throws Exception {
    Random random = new Random(1);
    Path working = Files.createDirectory(directory.resolve("working"));
    Files.createDirectory(working.resolve("tmp"));
    for (int end = 0; end < ENDS; end++) {
      // Given long calls of the engine, or trainers that send their states through shared memory
      boolean large = end % 2 == 0;
      String network = large ? "resnet-20" : "lenet-300-100";
      Path log = directory.resolve("log-" + end);
      try (ChildJvm bench =
          ChildJvm.start(Espalier.class, arguments(network), home(), log, working)) {
        bench.awaitPrinted(large ? ": steps …" : ": two trainers …", 1);
        compute(bench, random.nextInt(LONGEST_MS));

        // When
        bench.signal("TERM");
        int exitCode = bench.await();

        // Then
        String what = "end %d, %s:%n%s".formatted(end, network, bench.printed());
        assertThat(exitCode).as(what).isEqualTo(TERMINATED);
        assertThat(bench.printed()).doesNotContain("SIGSEGV", "fatal error", "Exception");
        assertThat(files(working)).as(what).containsExactlyInAnyOrder("", "tmp");
        assertThat(sharedMemory(bench.pid())).as(what).isEmpty();
      }
    }
  }

  private List<String> arguments(String network) {
    return List.of(
        "bench",
        "step",
        "--networks",
        network,
        "--rounds",
        "1",
        "--seconds",
        "20",
        "--out",
        directory.resolve("out").toString());
  }

  /** Waits until a process has computed for so long, which takes longer on a busy machine. */
  private static void compute(ChildJvm process, long ms) throws InterruptedException {
    Duration until = processorTime(process).plusMillis(ms);
    while (process.isAlive() && processorTime(process).compareTo(until) < 0) {
      Thread.sleep(10);
    }
  }

  private static Duration processorTime(ChildJvm process) {
    return ProcessHandle.of(process.pid())
        .map(ProcessHandle::info)
        .flatMap(ProcessHandle.Info::totalCpuDuration)
        .orElse(Duration.ZERO);
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
