package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ClassAccuracies;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counts of classes in the final evaluation, merged over trainers. */
class ClassCountsTest {
  @TempDir private Path directory;

  @Test
  void run_twoTrainers_countsTheClassesOfItsFinalEvaluationOnly() throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader().load("digits", List.of("train.epochs=2", "data.validation=10%"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    List<EvaluationPart> earlier = new ArrayList<>();

    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
                if (request.phase() != EvaluationRequest.Phase.FINAL) {
                  earlier.add(result);
                }
              }
            });

    assertThat(earlier).isNotEmpty().allMatch(part -> part.confusion().isEmpty());
    ClassAccuracies classes =
        ClassAccuracies.of(run.dataset().classNames(), finished.test()).orElseThrow();
    assertThat(IntStream.range(0, 10).mapToLong(classes::correct).sum())
        .isEqualTo(finished.test().correct());
    long[] expected = new long[10];
    for (int i = 0; i < run.dataset().test().count(); i++) {
      expected[run.dataset().test().label(i)]++;
    }
    assertThat(IntStream.range(0, 10).mapToLong(classes::examples).toArray()).isEqualTo(expected);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    assertThat(ModelFile.read(file).load(recipe.config()).evaluate(run.dataset()))
        .isEqualTo(finished.test());
  }
}
