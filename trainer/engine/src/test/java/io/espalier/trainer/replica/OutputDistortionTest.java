package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.OutputDistortion;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Distortions of a perceptron on the digits against its formula in plain Java. */
class OutputDistortionTest {
  private static final int INPUTS = 64;
  private static final int HIDDEN = 6;
  private static final int CLASSES = 10;
  private static final int EXAMPLES = 2 * 32;
  private static final int AMOUNTS = 4;

  private static final String NETWORK =
      """
      name = test, seed = 3, data { kind = digits, batch-size = 32 }
      train { epochs = 1, sync-every = 5 }
      model { kind = layers, layers = [
        { kind = flatten }, { kind = linear, outputs = 6, bias = false }, relu
        { kind = linear, outputs = classes, bias = false } ] }
      prune { sparsity = 50%, min-keep = 0, schedule = constant
        allocation { kind = rd, batches = 2, amounts = 4 } }
      """;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void distortions_beforeTheFirstStep_areThoseOfOneLayerPrunedAlone(boolean worst) {
    String curve = "prune.allocation.curve = " + (worst ? "worst" : "mean");
    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("test.conf", NETWORK, List.of(curve)).config());
    StatisticRequest request = StatisticRequest.of(new OutputDistortion(AMOUNTS, worst), 2);
    Committer committer = Committer.start(run);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      float[] first = copy(replica.state().array(0, 0));
      float[] second = copy(replica.state().array(1, 0));

      replica.measure();
      ByteBuffer packed = replica.packedState();

      Statistics statistics =
          new StatisticsCodec(List.of(request), run.observedLayers(), run.denseMasks().candidates())
              .merge(List.of(packed.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);
      double[] dense = outputs(run, first, second);
      for (int amount = 1; amount <= AMOUNTS; amount++) {
        assertClose(
            statistics.of(request, 0).get(0)[amount - 1],
            distortion(worst, dense, outputs(run, without(first, amount), second)));
        assertClose(
            statistics.of(request, 1).get(0)[amount - 1],
            distortion(worst, dense, outputs(run, first, without(second, amount))));
      }
      assertThat(copy(replica.state().array(0, 0))).isEqualTo(first);
      assertThat(committer.sync(List.of(packed)).committed().masks().masks().sparsity())
          .isCloseTo(.5, within(.002));
    }
  }

  private static void assertClose(float found, double expected) {
    assertThat((double) found).isPositive().isCloseTo(expected, within(1e-4 * expected));
  }

  private static float[] copy(FloatBuffer values) {
    float[] copy = new float[values.limit()];
    values.get(0, copy);
    return copy;
  }

  /** Without so many quarters of the smallest magnitudes. */
  private static float[] without(float[] weights, int quarters) {
    float[] left = weights.clone();
    IntStream.range(0, left.length)
        .boxed()
        .sorted(Comparator.comparingDouble(unit -> Math.abs(weights[unit])))
        .limit((long) left.length * quarters / AMOUNTS)
        .forEach(unit -> left[unit] = 0);
    return left;
  }

  private static double[] outputs(PreparedRun run, float[] first, float[] second) {
    int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
    float[] images = new float[EXAMPLES * INPUTS];
    run.dataset().train().fill(order, 0, EXAMPLES, images, new int[EXAMPLES]);
    double[] outputs = new double[EXAMPLES * CLASSES];
    for (int example = 0; example < EXAMPLES; example++) {
      for (int h = 0; h < HIDDEN; h++) {
        double sum = 0;
        for (int i = 0; i < INPUTS; i++) {
          sum += (double) first[h * INPUTS + i] * images[example * INPUTS + i];
        }
        for (int c = 0; c < CLASSES && sum > 0; c++) {
          outputs[example * CLASSES + c] += sum * second[c * HIDDEN + h];
        }
      }
    }
    return outputs;
  }

  private static double distortion(boolean worst, double[] dense, double[] pruned) {
    double all = 0;
    double most = 0;
    for (int from = 0; from < dense.length; from += CLASSES) {
      double sum = 0;
      for (int i = from; i < from + CLASSES; i++) {
        sum += (dense[i] - pruned[i]) * (dense[i] - pruned[i]);
      }
      all += sum;
      most = Math.max(most, sum);
    }
    return worst ? most / CLASSES : all / dense.length;
  }
}
