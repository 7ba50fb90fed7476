package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times of steps are measured once for each machine and way to step. */
class KeptStepTimesTest {
  private static final String RECIPE =
      """
      name = kept, seed = 1
      data { kind = digits, batch-size = 32 }
      model { kind = mlp, hidden = [8] }
      train { epochs = 2, execution = auto }
      prune { sparsity = 50% }
      """;

  private final AtomicInteger measured = new AtomicInteger();
  @TempDir private Path directory;

  private static PreparedRun run(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("kept.conf", RECIPE + more, List.of()).config());
  }

  /** Each measurement gives another time of the engine. */
  private StepTimes of(Path kept, String more) {
    return new KeptStepTimes(kept)
        .of(
            run(more),
            () -> new StepTimes(measured.incrementAndGet(), 1e-5, 1e-9, Optional.of(0.25)));
  }

  @Test
  void of_theSameStep_isMeasuredOnce_whateverTheSeedAndTheSparsity() {
    Path kept = directory.resolve("a/b");

    StepTimes first = of(kept, "");

    assertThat(first.engine()).isEqualTo(1);
    assertThat(of(kept, "seed = 2, prune.sparsity = 90%")).isEqualTo(first);
    assertThat(measured).hasValue(1);
  }

  @Test
  void of_anotherStep_isMeasured() {
    for (String other :
        List.of(
            "",
            "train.optimizer = adam",
            "data.batch-size = 16",
            "model.hidden = [9]",
            "prune.mask = soft",
            "prune.granularity = row",
            "train.threads = 7")) {
      of(directory, other);
    }

    assertThat(measured).hasValue(7);
  }

  @Test
  void of_damagedFileOrPlace_isMeasuredAnew() throws IOException {
    of(directory, "");
    try (Stream<Path> files = Files.list(directory)) {
      Files.writeString(files.findFirst().orElseThrow(), "{ \"of\": [");
    }
    Path noDirectory = Files.createFile(directory.resolve("file"));

    assertThat(of(directory, "").engine()).isEqualTo(2);
    assertThat(of(directory, "").engine()).isEqualTo(2);
    assertThat(of(noDirectory, "").engine()).isEqualTo(3);
    assertThat(of(noDirectory, "").engine()).isEqualTo(4);
  }
}
