package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.AxisProducts;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sums of weights times gradients against the slope of the loss, in plain Java, along a factor of
 * what they sum over.
 */
class AxisProductsTest {
  private static final int INPUTS = 64;
  private static final int HIDDEN = 5;
  private static final int CLASSES = 10;
  private static final int BATCH = 32;
  private static final double STEP = 1e-5;

  private static final String NETWORK =
      """
      name = test, seed = 3, data { kind = digits, batch-size = 32 }
      train { epochs = 1, sync-every = 5 }
      model { kind = layers, layers = [ { kind = flatten }, { kind = linear, outputs = 5 }%s
        { kind = relu }, { kind = linear, outputs = classes } ] }
      prune { sparsity = 20%%, schedule = constant, score { kind = channel-taylor, batches = 2 } }
      """;

  /** Factors of one channel's filter, of its bias and norm, and of what reads it. */
  private record Factors(int channel, double filter, double beside, double reader) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void products_ofEachBatch_areTheSlopesOfItsLoss(boolean norm) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader()
                .parse(
                    "test.conf",
                    NETWORK.formatted(norm ? ", { kind = batch-norm }" : ""),
                    List.of())
                .config());
    StatisticRequest request = AxisProducts.over(2);
    Committer committer = Committer.start(run);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      assertThat(outcome.commit().next()).isEqualTo(Commit.Next.MEASURE);
      replica.measure();

      Statistics statistics =
          new StatisticsCodec(List.of(request), run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);

      List<double[]> values = new ArrayList<>();
      for (int p = 0; p < run.network().parameters().size(); p++) {
        values.add(doubles(replica.state().array(p, 0)));
      }
      for (int batch = 0; batch < 2; batch++) {
        float[] inputs = new float[BATCH * INPUTS];
        int[] labels = new int[BATCH];
        int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
        run.dataset().train().fill(order, batch * BATCH, BATCH, inputs, labels);
        for (int c = 0; c < HIDDEN; c++) {
          int at = batch * HIDDEN + c;
          int reader = norm ? 6 : 2;
          double h = STEP;
          Loss loss = factors -> loss(values, norm, reader, inputs, labels, factors);
          assertSlope(
              statistics.of(request, 0).get(0)[at],
              loss.of(new Factors(c, 1 + h, 1, 1)) - loss.of(new Factors(c, 1 - h, 1, 1)));
          assertSlope(
              statistics.of(request, 0).get(AxisProducts.BESIDE)[at],
              loss.of(new Factors(c, 1, 1 + h, 1)) - loss.of(new Factors(c, 1, 1 - h, 1)));
          assertSlope(
              statistics.of(request, 1).get(1)[at],
              loss.of(new Factors(c, 1, 1, 1 + h)) - loss.of(new Factors(c, 1, 1, 1 - h)));
        }
      }
    }
  }

  private interface Loss {
    double of(Factors factors);
  }

  private static void assertSlope(float found, double twoSteps) {
    assertThat((double) found).isCloseTo(twoSteps / (2 * STEP), within(2e-5));
  }

  private static double[] doubles(FloatBuffer buffer) {
    double[] values = new double[buffer.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.get(i);
    }
    return values;
  }

  /** Mean cross-entropy; a norm takes mean and variance of the batch. */
  private static double loss(
      List<double[]> values,
      boolean norm,
      int reader,
      float[] inputs,
      int[] labels,
      Factors factors) {
    double[][] hidden = new double[HIDDEN][BATCH];
    for (int c = 0; c < HIDDEN; c++) {
      double filter = c == factors.channel() ? factors.filter() : 1;
      double beside = c == factors.channel() ? factors.beside() : 1;
      for (int row = 0; row < BATCH; row++) {
        double sum = beside * values.get(1)[c];
        for (int i = 0; i < INPUTS; i++) {
          sum += filter * values.get(0)[c * INPUTS + i] * inputs[row * INPUTS + i];
        }
        hidden[c][row] = sum;
      }
      if (norm) {
        normalise(hidden[c], beside * values.get(2)[c], beside * values.get(3)[c]);
      }
    }
    double loss = 0;
    for (int row = 0; row < BATCH; row++) {
      double[] logits = values.get(reader + 1).clone();
      for (int c = 0; c < HIDDEN; c++) {
        double read = c == factors.channel() ? factors.reader() : 1;
        for (int k = 0; k < CLASSES; k++) {
          logits[k] += read * values.get(reader)[k * HIDDEN + c] * Math.max(0, hidden[c][row]);
        }
      }
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit);
      }
      loss += (Math.log(sum) - logits[labels[row]]) / BATCH;
    }
    return loss;
  }

  private static void normalise(double[] rows, double scale, double shift) {
    double mean = 0;
    double square = 0;
    for (double row : rows) {
      mean += row / rows.length;
      square += row * row / rows.length;
    }
    for (int i = 0; i < rows.length; i++) {
      rows[i] = scale * (rows[i] - mean) / Math.sqrt(square - mean * mean + 1e-5) + shift;
    }
  }
}
