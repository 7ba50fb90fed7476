package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.trainer.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A layer computes with all of its weights where that takes less time, to the same bits. */
class WeightFormTest {
  private static final int ALL = 3_000;

  /** Layers wide enough for tiles: with 70 % kept, all are computed, with 20 % kept ones alone. */
  @ParameterizedTest
  @CsvSource({"0.7, 32", "0.7, 37", "0.45, 16", "0.2, 32"})
  void gradients_inEitherForm_areThoseOfANetworkThatStoresAllWeights(double density, int examples) {
    for (Network graph :
        List.of(StepBenchmark.perceptron(150, 10, 110, 96), StepBenchmark.residual())) {
      Example packed = new Example(graph, density, examples, 0, 8);
      Example whole = new Example(graph, density, examples, 0, 8);
      for (SparseParameter each : whole.network.parameters()) {
        each.replaceMask(Mask.allKept(each.mask().size()), new float[each.mask().pruned()]);
      }

      for (int step = 0; step < 2; step++) {
        packed.network.gradients(packed.inputs, packed.labels, Example::loss);
        whole.network.gradients(whole.inputs, whole.labels, Example::loss);

        assertThat(packed.network.logits()).isEqualTo(whole.network.logits());
        for (SparseParameter each : packed.network.parameters()) {
          if (each.isTrained()) {
            float[] kept = new float[each.count()];
            SparseParameter.pack(
                each.mask(), whole.network.parameter(each.shape().id()).gradient(), kept);
            assertThat(each.gradient()).as(each.shape().id().name()).isEqualTo(kept);
          }
        }
      }
    }
  }

  @Test
  void prefersAll_beforeAnythingIsMeasured_isByTheShareOfWeightsInTiles() {
    FormCosts costs = new FormCosts(FormCosts.OF_LINEAR);

    assertThat(costs.prefersAll(cost(500, 0), 500, ALL)).isTrue();
    assertThat(costs.prefersAll(cost(400, 0), 400, ALL)).isFalse();
    assertThat(costs.prefersAll(cost(800, 800), 800, ALL)).isFalse();
  }

  @Test
  void prefersAll_onceTimesAreMeasured_isByThem_withinWhatIsExpected() {
    FormCosts fast = measured(600, 400);
    FormCosts slow = measured(600, 900);
    FormCosts doubtful = measured(600, 60_000);

    assertThat(fast.prefersAll(cost(700, 0), 700, ALL)).isFalse();
    assertThat(slow.prefersAll(cost(400, 0), 400, ALL)).isTrue();
    assertThat(doubtful.prefersAll(cost(200, 0), 200, ALL)).isFalse();
  }

  /** Of 1,000 weights in tiles, in {@code ns} each, and of 500 kept ones. */
  private static FormCosts measured(double nsOfAll, double nsOfKept) {
    FormCosts costs = new FormCosts(FormCosts.OF_LINEAR);
    costs.measured(true, 1_000, nsOfAll);
    costs.measured(false, 500, nsOfKept);
    return costs;
  }

  /** Of three passes over weights of one row, of which some are in tiles of four rows. */
  private static double cost(int weights, int tiled) {
    return 3 * (tiled + 2.4 * (weights - tiled));
  }
}
