package com.example.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units and the selection of {@code docs/extending.md}, run as a user would. */
final class OwnChoicesTest {
  @TempDir Path directory;

  @Test
  void kernelUnits_ofARun_keepOrPruneWholeKernels() {
    Committed end =
        train(
            """
            model { kind = layers, layers = [
              { kind = convolution, outputs = 8, kernel = 3 }, relu
              { kind = convolution, outputs = 8, kernel = 3 }, relu, flatten
              { kind = linear, outputs = classes } ] }
            prune { sparsity = 60%, granularity = kernel, exclude = ["fc*"] }
            """);

    Mask mask = end.masks().masks().mask(new ParameterId("conv2.weight"));
    int kept = 0;
    for (int kernel = 0; kernel < 64; kernel++) {
      int weights = 0;
      for (int place = 0; place < 9; place++) {
        weights += mask.isKept(9 * kernel + place) ? 1 : 0;
      }
      assertThat(weights).isIn(0, 9);
      kept += weights / 9;
    }
    assertThat(kept).isBetween(1, 63);
    assertThat(end.masks().masks().kept()).isEqualTo(9 * Math.round(0.4 * 72));
  }

  @Test
  void perInputSelection_ofARun_keepsAsManyWeightsOfEachInput() {
    String own =
        """
        model { kind = mlp, hidden = [20] }
        prune { sparsity = 75%, selection = per-input }
        """;
    Mask mask = train(own).masks().masks().mask(new ParameterId("fc1.weight"));
    Mask free =
        train(own + "prune.selection = free").masks().masks().mask(new ParameterId("fc1.weight"));

    assertThat(spread(mask)).isLessThanOrEqualTo(1);
    assertThat(spread(free)).isGreaterThan(1);
  }

  /** Each input's best first, then the best of the second ones. */
  @Test
  void perInputSelection_ofTwoRows_takesTheBestOfEachInput() {
    ParameterShape shape = new ParameterShape(new ParameterId("fc1.weight"), List.of(2, 3));
    Ranking ranking = Ranking.of(List.of(new float[] {9, 8, 1, 7, 6, 2}), List.of(Mask.allKept(6)));

    List<Mask> kept =
        new PerInputSelection()
            .create(MemberSettings.of("per-input"))
            .keep(ranking, List.of(shape), List.of(4));

    assertThat(kept).containsExactly(Mask.of(6, weight -> weight != 2 && weight != 4));
  }

  /** The difference between the most and the fewest kept weights of an input, {@code [20, 64]}. */
  private static int spread(Mask mask) {
    int[] kept = new int[64];
    mask.forEachKept(weight -> kept[weight % 64]++);
    int most = 0;
    int fewest = 20;
    for (int count : kept) {
      most = Math.max(most, count);
      fewest = Math.min(fewest, count);
    }
    return most - fewest;
  }

  private Committed train(String more) {
    String recipe =
        """
        data  { kind = digits, batch-size = 64 }
        train { epochs = 2 }
        """;
    PreparedRun run =
        PreparedRun.of(
            new RecipeLoader().parse("own", recipe + more, List.of()).config(),
            DataHome.of(directory));
    return TrainingLoop.run(run, LoopListener.NONE).committed();
  }
}
