package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.execution.BackEnd;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArithmeticTest {
  private static PreparedRun run(String model) {
    return SampleRuns.prepare(
        new RecipeLoader()
            .load("digits", List.of("train.execution=java", "model=" + model))
            .config());
  }

  /** These began with the first revision, and their sums have kept their order. */
  @Test
  void revision_withoutLargeKernels_isTheFirst() {
    for (String model :
        List.of(
            "lenet-300-100",
            "{kind=tiny-vit,patch=2,layers=1,features=16,heads=2}",
            "{kind=layers,layers=[{kind=convolution,outputs=8,kernel=1},{kind=flatten},{kind=linear,outputs=classes}]}")) {
      assertThat(Arithmetic.revision(run(model).network()))
          .as(model)
          .isEqualTo(BackEnd.FIRST_ARITHMETIC);
    }
  }

  @Test
  void revision_isThatOfTheRun() {
    PreparedRun run = run("resnet-8");

    assertThat(run.arithmetic()).isEqualTo(Arithmetic.revision(run.network()));
  }
}
