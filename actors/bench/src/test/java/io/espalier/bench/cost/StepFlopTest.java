package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Digits are 8 × 8 pixels of 10 classes. */
class StepFlopTest {
  @Test
  void of_linearLayers_countThreeProducts_andTwoOfTheFirst() {
    assertThat(flop("{ kind = mlp, hidden = [30, 20] }"))
        .isEqualTo(2 * 16 * (2 * 64 * 30 + 3 * 30 * 20 + 3 * 20 * 10));
  }

  @Test
  void of_convolutionsBehindNorms_countThreeProducts_andTwoOfTheFirst() {
    long stem = 8 * 8 * 9 * 4;
    long first = 2 * 8 * 8 * 9 * 4 * 4;
    long second = 4 * 4 * (9 * 4 * 8 + 9 * 8 * 8 + 4 * 8);
    long third = 2 * 2 * (9 * 8 * 16 + 9 * 16 * 16 + 8 * 16);

    assertThat(flop("{ kind = resnet-8, width = 4 }"))
        .isEqualTo(2 * 16 * (2 * stem + 3 * (first + second + third + 16 * 10)));
  }

  private static long flop(String model) {
    List<String> digits = List.of("data.kind=digits", "data.batch-size=16");
    return StepFlop.of(
        new BenchRecipe(model, digits, DataHome.of(EspalierHome.path())).with("prune.sparsity=0"));
  }
}
