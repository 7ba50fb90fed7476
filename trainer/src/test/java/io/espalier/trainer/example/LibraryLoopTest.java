package io.espalier.trainer.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of the library, which shows these lines as they are. */
class LibraryLoopTest {
  @Test
  void loop_asInTheReadme_trainsPrunesAndWrites(@TempDir Path home) throws IOException {
    Path file = home.resolve("model.safetensors");

    // README: begin
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of("prune.sparsity=0.8"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    ModelFile.write(file, run, finished.committed(), recipe.text());
    // README: end

    assertThat(finished.test().accuracy()).isGreaterThan(0.9);
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
    assertThat(file).isNotEmptyFile();
  }
}
