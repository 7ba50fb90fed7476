package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.GradientRows;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.OutputGradientProducts;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients of single examples against central differences of their own losses, in plain Java: a
 * convolution with padding, a grouped one with a bias, and a linear layer.
 */
class ExampleGradientsTest {
  private static final int SIDE = 8;
  private static final int BATCH = 32;
  private static final double STEP = 1e-4;

  private static final String NETWORK =
      """
      name = test, seed = 3, data { kind = digits, batch-size = 32 }
      train { epochs = 1, sync-every = 5 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 4, kernel = 3, stride = 2, padding = 1, bias = false }
        { kind = convolution, outputs = 4, kernel = 2, groups = 2 }
        { kind = flatten }, { kind = linear, outputs = classes } ] }
      prune { sparsity = 50%, min-keep = 0, allocation = uniform, schedule = constant }
      """;

  /** Values of the network's parameters, in order, and the examples of two batches. */
  private record Given(
      Statistics statistics, List<double[]> values, FloatBuffer images, IntBuffer labels) {}

  @ParameterizedTest
  @CsvSource({"fisher, MEAN_SQUARES", "gblm, SQUARE_SUMS", "l1, MAGNITUDE_SUMS"})
  void statistic_ofAllLayers_isThatOfEachExamplesLoss(String score, ExampleGradient statistic) {
    StatisticRequest request = new StatisticRequest(statistic, 2, Units.CANDIDATES);
    Given given =
        given(
            score.equals("l1")
                ? "{ kind = gblm, batches = 2, norm = l1 }"
                : "{ kind = %s, batches = 2 }".formatted(score),
            score.equals("fisher")
                ? List.of(request)
                : List.of(StatisticRequest.of(InputStatistic.SQUARES, 2), request));

    for (int layer = 0; layer < 3; layer++) {
      int parameter = layer == 0 ? 0 : 2 * layer - 1;
      float[] found = given.statistics().of(request, layer).get(0);
      assertThat(found).hasSize(given.values().get(parameter).length);
      for (int unit = 0; unit < found.length; unit += layer == 2 ? 7 : 1) {
        double expected = 0;
        for (int example = 0; example < 2 * BATCH; example++) {
          double slope = slope(given, parameter, unit, example);
          expected +=
              statistic == ExampleGradient.MAGNITUDE_SUMS
                  ? Math.abs(slope)
                  : slope * slope / (statistic == ExampleGradient.MEAN_SQUARES ? 2 * BATCH : 1);
        }
        assertThat((double) found[unit]).isCloseTo(expected, within(1e-4 + 1e-3 * expected));
      }
    }
  }

  @Test
  void regionalStatistic_isThatOfTheLengthOfTheLayersOutputs() {
    StatisticRequest request =
        new StatisticRequest(ExampleGradient.REGIONAL_SQUARES, 2, Units.CANDIDATES);
    Given given =
        given(
            "{ kind = wanda-regional, batches = 2 }",
            List.of(StatisticRequest.of(InputStatistic.SQUARES, 2), request));

    float[] found = given.statistics().of(request, 0).get(0);

    for (int unit = 0; unit < found.length; unit++) {
      double expected = 0;
      for (int example = 0; example < 2 * BATCH; example++) {
        double ahead = length(first(given, moved(given, 0, unit, STEP), example));
        double behind = length(first(given, moved(given, 0, unit, -STEP), example));
        expected += Math.pow((ahead - behind) / (2 * STEP), 2) / (2 * BATCH);
      }
      assertThat((double) found[unit]).isCloseTo(expected, within(1e-4 + 1e-3 * expected));
    }
  }

  /** With as many rows as examples, and with half as many. */
  @ParameterizedTest
  @ValueSource(ints = {32, 16})
  void gradientRows_areThoseOfExamples_orTheirMeans(int rows) {
    StatisticRequest request = GradientRows.over(rows, 2);
    Given given =
        given("{ kind = woodfisher, batches = 2, rows = %d }".formatted(rows), List.of(request));

    for (int layer = 1; layer < 3; layer++) {
      float[] found = given.statistics().of(request, layer).get(0);
      int weights = given.values().get(2 * layer - 1).length;
      assertThat(found).hasSize(2 * rows * weights);
      for (int row = 0; row < 2 * rows; row += 5) {
        int unit = row * 7 % weights;
        double expected = 0;
        for (int e = row % rows; e < BATCH; e += rows) {
          expected += slope(given, 2 * layer - 1, unit, row / rows * BATCH + e) * rows / BATCH;
        }
        assertThat((double) found[row * weights + unit])
            .isCloseTo(expected, within(1e-4 + 1e-3 * Math.abs(expected)));
      }
    }
  }

  /** Of the last layer, whose bias has the gradients by its outputs. */
  @Test
  void outputProducts_areThoseOfEachExamplesGradients() {
    StatisticRequest request = StatisticRequest.of(OutputGradientProducts.OF_OUTPUTS, 2);
    Given given =
        given(
            "{ kind = kfac, batches = 2 }",
            List.of(StatisticRequest.of(InputStatistic.PRODUCTS, 2), request));

    float[] found = given.statistics().of(request, 2).get(0);

    double[] expected = new double[100];
    for (int example = 0; example < 2 * BATCH; example++) {
      double[] slopes = new double[10];
      for (int output = 0; output < 10; output++) {
        slopes[output] = slope(given, 4, output, example);
      }
      for (int pair = 0; pair < 100; pair++) {
        expected[pair] += slopes[pair / 10] * slopes[pair % 10] / (2 * BATCH);
      }
    }
    for (int pair = 0; pair < 100; pair++) {
      assertThat((double) found[pair]).isCloseTo(expected[pair], within(1e-5));
    }
  }

  private static double length(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static double slope(Given given, int parameter, int unit, int example) {
    double ahead = loss(given, moved(given, parameter, unit, STEP), example);
    double behind = loss(given, moved(given, parameter, unit, -STEP), example);
    return (ahead - behind) / (2 * STEP);
  }

  private static List<double[]> moved(Given given, int parameter, int unit, double step) {
    List<double[]> moved = new ArrayList<>(given.values());
    double[] values = moved.get(parameter).clone();
    values[unit] += step;
    moved.set(parameter, values);
    return moved;
  }

  /** The first convolution's outputs, {@code [4, 4, 4]}. */
  private static double[] first(Given given, List<double[]> values, int example) {
    double[] outputs = new double[64];
    for (int at = 0; at < 64; at++) {
      for (int k = 0; k < 9; k++) {
        int y = 2 * (at / 4 % 4) - 1 + k / 3;
        int x = 2 * (at % 4) - 1 + k % 3;
        if (y >= 0 && y < SIDE && x >= 0 && x < SIDE) {
          outputs[at] +=
              values.get(0)[at / 16 * 9 + k] * given.images().get((example * SIDE + y) * SIDE + x);
        }
      }
    }
    return outputs;
  }

  /** The grouped convolution's outputs, {@code [4, 3, 3]}. */
  private static double[] second(double[] inputs, List<double[]> values) {
    double[] outputs = new double[36];
    for (int at = 0; at < 36; at++) {
      int output = at / 9;
      outputs[at] = values.get(2)[output];
      for (int k = 0; k < 8; k++) {
        int channel = output / 2 * 2 + k / 4;
        int y = at / 3 % 3 + k / 2 % 2;
        int x = at % 3 + k % 2;
        outputs[at] += values.get(1)[output * 8 + k] * inputs[(channel * 4 + y) * 4 + x];
      }
    }
    return outputs;
  }

  private static double loss(Given given, List<double[]> values, int example) {
    double[] hidden = second(first(given, values, example), values);
    double[] logits = values.get(4).clone();
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      for (int i = 0; i < 36; i++) {
        logits[k] += values.get(3)[k * 36 + i] * hidden[i];
      }
      sum += Math.exp(logits[k]);
    }
    return Math.log(sum) - logits[given.labels().get(example)];
  }

  private static Given given(String score, List<StatisticRequest> requests) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader()
                .parse("test.conf", NETWORK + "prune.score " + score, List.of())
                .config());
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();
      Statistics statistics =
          new StatisticsCodec(requests, run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);
      List<double[]> values = new ArrayList<>();
      for (int p = 0; p < run.network().parameters().size(); p++) {
        FloatBuffer buffer = replica.state().array(p, 0);
        float[] each = new float[buffer.limit()];
        buffer.get(0, each);
        values.add(Values.inDouble(each));
      }
      int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
      float[] images = new float[2 * BATCH * SIDE * SIDE];
      int[] labels = new int[2 * BATCH];
      run.dataset().train().fill(order, 0, 2 * BATCH, images, labels);
      return new Given(statistics, values, FloatBuffer.wrap(images), IntBuffer.wrap(labels));
    }
  }
}
