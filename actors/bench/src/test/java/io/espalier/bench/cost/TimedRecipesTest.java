package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.executor.TrainerThreads;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ThreadTime} sees the calling thread alone, so that steps may have no other. */
final class TimedRecipesTest {
  @TempDir private Path home;

  @BeforeEach
  void offerFourCores() {
    System.setProperty(TrainerThreads.CORES, "4");
  }

  @AfterEach
  void forget() {
    System.clearProperty(TrainerThreads.CORES);
  }

  @Test
  void benchRecipe_isTimedInOneThread() {
    RunConfig config =
        new BenchRecipe("{ kind = mlp, hidden = [8] }", List.of(), DataHome.of(home)).config();

    assertThat(TrainerThreads.of(config)).isEqualTo(1);
  }

  @Test
  void languageTask_isTimedInOneThread() {
    LanguageTask task = LanguageTask.of("char-lm-dense", List.of(), 1, DataHome.of(home));

    assertThat(TrainerThreads.of(task.recipe().config())).isEqualTo(1);
  }
}
