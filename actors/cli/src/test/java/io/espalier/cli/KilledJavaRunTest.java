package io.espalier.cli;

import static io.espalier.cli.EspalierProcess.OWN_JDK;
import static io.espalier.cli.EspalierProcess.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.EspalierProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run in plain Java that dies twice, each time under way, and goes on with vectors of another
 * width and under another Java, if the environment variable {@code ESPALIER_TEST_JDK} names one.
 */
@Tag("slow")
final class KilledJavaRunTest {
  private static final Path OTHER_JDK =
      Optional.ofNullable(System.getenv("ESPALIER_TEST_JDK"))
          .filter(each -> !each.isBlank())
          .map(Path::of)
          .orElse(OWN_JDK);

  private static final String[] RECIPE = {
    "--kafka",
    "127.0.0.1:1",
    "-D",
    "model={kind=resnet-8,width=8}",
    "-D",
    "train.epochs=12",
    "-D",
    "train.checkpoint-every=4",
    "-D",
    "train.execution=java",
    "-D",
    "train.engine.capability-mismatch=refuse"
  };

  @TempDir private Path home;

  @Test
  void run_killedAndResumedAcrossWidthsAndJavas_hasTheSameFiles()
      throws IOException, InterruptedException {
    // given
    EspalierProcess espalier = new EspalierProcess(home);
    Ended whole = espalier.run(OWN_JDK, List.of(VECTORS), train("whole"));
    assertThat(whole.exitCode()).as(whole.text()).isZero();

    // when
    killed(80, espalier, OWN_JDK, List.of(), train("killed"));
    killed(140, espalier, OTHER_JDK, List.of(VECTORS), resume());
    Ended ended = espalier.run(OWN_JDK, List.of(VECTORS, "-XX:MaxVectorSize=16"), resume());

    // then
    assertThat(ended.exitCode()).as(ended.text()).isZero();
    assertThat(ended.text())
        .containsPattern("resume +from step 1[4-9]\\d of 264")
        .doesNotContain("other instructions");
    for (String file : List.of("model.safetensors", "masks.safetensors")) {
      assertThat(home.resolve("killed").resolve(file))
          .hasSameBinaryContentAs(home.resolve("whole").resolve(file));
    }
  }

  private static String[] train(String out) {
    List<String> command = new ArrayList<>(List.of("train", "digits", "--out", out));
    command.addAll(Arrays.asList(RECIPE));
    return command.toArray(String[]::new);
  }

  private static String[] resume() {
    return new String[] {"train", "--resume", "killed", "--kafka", "127.0.0.1:1"};
  }

  /** Kills a process as soon as it has left a checkpoint of at least this step. */
  private void killed(
      long step, EspalierProcess espalier, Path jdk, List<String> options, String... command)
      throws IOException, InterruptedException {
    Path output = home.resolve("output");
    Process process = espalier.start(output, jdk, options, command);
    try {
      boolean ended = false;
      while (!ended && newest() < step) {
        ended = process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      assertThat(ended).as(Files.readString(output)).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(home.resolve("killed/summary.json")).doesNotExist();
  }

  /** Step of the newest checkpoint; 0 if there is none. */
  private long newest() throws IOException {
    Path checkpoints = home.resolve("killed/checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return 0;
    }
    try (Stream<Path> places = Files.list(checkpoints)) {
      return places
          .map(place -> place.getFileName().toString())
          .filter(name -> name.matches("step-\\d+"))
          .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
          .max()
          .orElse(0);
    }
  }
}
