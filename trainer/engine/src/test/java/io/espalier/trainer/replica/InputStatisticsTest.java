package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.AddendProducts;
import io.espalier.masks.statistic.Contributions;
import io.espalier.masks.statistic.InputMoments;
import io.espalier.masks.statistic.InputPowers;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches the layers of a small network on the digits against its formula in plain Java. */
class InputStatisticsTest {
  private static final int SIDE = 8;
  private static final int BATCH = 32;

  /** The first layer sees the images, the grouped one the four channels that it gives. */
  private static final String NETWORK =
      """
      name = test, seed = 3, data { kind = digits, batch-size = 32 }
      train { epochs = 1, sync-every = 5 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 4, kernel = 3, stride = 2, padding = 1, bias = false }
        { kind = convolution, outputs = 4, kernel = 2, groups = 2 }
        { kind = flatten }, { kind = linear, outputs = classes } ] }
      prune { sparsity = 50%, min-keep = 0, allocation = uniform, schedule = constant
        score { kind = wanda, batches = 2 } }
      """;

  @Test
  void squares_beforeTheFirstStep_areThoseOfThePatches() {
    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("test.conf", NETWORK, List.of()).config());
    StatisticRequest request = StatisticRequest.of(InputStatistic.SQUARES, 2);
    Committer committer = Committer.start(run);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      assertThat(outcome.commit().next()).isEqualTo(Commit.Next.MEASURE);
      replica.measure();
      ByteBuffer packed = replica.packedState();

      Statistics statistics =
          new StatisticsCodec(List.of(request), run.observedLayers(), run.denseMasks().candidates())
              .merge(List.of(packed.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);

      float[] images = images(run);
      assertClose(statistics.of(request, 0).get(0), squares(patches(images, 1, SIDE, 3, 2, 1), 1));
      float[] channels = convolved(images, replica.state().array(0, 0));
      assertClose(statistics.of(request, 1).get(0), squares(patches(channels, 4, 4, 2, 1, 0), 2));

      SyncOutcome pruned = committer.sync(List.of(packed));
      replica.apply(pruned.commit(), pruned.payload());
      assertThat(pruned.commit().next()).isEqualTo(Commit.Next.TRAIN);
      assertThat(pruned.bytes().up()).isEqualTo(packed.remaining());
      assertThat(pruned.bytes().dense()).isZero();
      assertThat(pruned.committed().masks().masks().sparsity()).isEqualTo(.5);
    }
  }

  @Test
  void productsAndMeans_thatARefitAsksFor_areThoseOfThePatches() {
    String recipe =
        NETWORK
            + "prune { score = null, score = magnitude, refit { kind = least-squares, batches = 2 } }";
    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("test.conf", recipe, List.of()).config());
    StatisticRequest products = StatisticRequest.of(InputStatistic.PRODUCTS, 2);
    StatisticRequest means = StatisticRequest.of(InputStatistic.MEANS, 2);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();

      Statistics statistics =
          new StatisticsCodec(
                  List.of(products, means), run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);

      float[] images = images(run);
      double[][] first = patches(images, 1, SIDE, 3, 2, 1);
      double[][] grouped = patches(convolved(images, replica.state().array(0, 0)), 4, 4, 2, 1, 0);
      assertClose(statistics.of(products, 0).get(0), products(first, 1));
      assertClose(statistics.of(means, 0).get(0), means(first));
      assertClose(statistics.of(products, 1).get(0), products(grouped, 2));
      assertClose(statistics.of(means, 1).get(0), means(grouped));
    }
  }

  @Test
  void momentsAndPowers_areThoseOfThePatches() {
    StatisticRequest moments = StatisticRequest.of(InputMoments.POPULATION, 2);
    StatisticRequest powers = StatisticRequest.of(new InputPowers(4), 2);

    Measured variance = measured("score { kind = variance, batches = 2 }", moments);
    Measured maps = measured("score { kind = attention-maps, batches = 2, power = 4 }", powers);

    double[][] first = patches(variance.images(), 1, SIDE, 3, 2, 1);
    double[][] grouped = patches(convolved(variance.images(), variance.first()), 4, 4, 2, 1, 0);
    assertClose(variance.statistics().of(moments, 0).get(0), moments(first));
    assertClose(variance.statistics().of(moments, 1).get(0), moments(grouped));
    assertClose(maps.statistics().of(powers, 0).get(0), means(raised(first)));
    assertClose(maps.statistics().of(powers, 1).get(0), means(raised(grouped)));
  }

  /** A convolution of stride 2, and behind a norm another with a window of its own. */
  @Test
  void productsOfAddends_areThoseOfThePatchesOfBothLayers() {
    String recipe =
        """
        name = test, seed = 3, data { kind = digits, batch-size = 32 }
        train { epochs = 1, sync-every = 5 }
        model { kind = layers, layers = [
          { kind = convolution, name = a, outputs = 4, kernel = 3, stride = 2, padding = 1, bias = false }
          { kind = convolution, name = b, from = input, outputs = 4, kernel = 2, stride = 2, padding = 0 }
          { kind = batch-norm, name = b-norm }
          { kind = add, from = [a, b-norm] }
          { kind = flatten }, { kind = linear, outputs = classes } ] }
        prune { sparsity = 50%, schedule = constant, refit { kind = least-squares-branches, batches = 2 } }
        """;
    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("test.conf", recipe, List.of()).config());
    List<StatisticRequest> requests =
        List.of(
            StatisticRequest.of(InputStatistic.PRODUCTS, 2),
            StatisticRequest.of(InputStatistic.MEANS, 2),
            StatisticRequest.of(AddendProducts.OF_INPUTS, 2));
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();

      Statistics statistics =
          new StatisticsCodec(requests, run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);

      double[][] a = patches(images(run), 1, SIDE, 3, 2, 1);
      double[][] b = patches(images(run), 1, SIDE, 2, 2, 0);
      assertThat(statistics.of(requests.get(2), 0)).isEmpty();
      assertThat(statistics.of(requests.get(2), 1)).hasSize(1);
      assertClose(statistics.of(requests.get(2), 1).get(0), products(b, a));
      assertThat(statistics.of(requests.get(2), 2)).isEmpty();
    }
  }

  @Test
  void contributions_areSharesOfWhatOutputsSumUp() {
    StatisticRequest shares =
        new StatisticRequest(Contributions.OF_WEIGHTS, 2, StatisticRequest.Units.CANDIDATES);

    Measured found = measured("score { kind = contribution, batches = 2 }", shares);

    double[][] rows = patches(found.images(), 1, SIDE, 3, 2, 1);
    double[] expected = new double[4 * 9];
    for (double[] row : rows) {
      for (int output = 0; output < 4; output++) {
        double all = 0;
        for (int i = 0; i < 9; i++) {
          all += Math.abs(found.first().get(output * 9 + i) * row[i]);
        }
        for (int i = 0; all > 0 && i < 9; i++) {
          expected[output * 9 + i] +=
              Math.abs(found.first().get(output * 9 + i) * row[i]) / all / rows.length;
        }
      }
    }
    assertClose(found.statistics().of(shares, 0).get(0), expected);
  }

  private record Measured(Statistics statistics, FloatBuffer pixels, FloatBuffer first) {
    float[] images() {
      return pixels.array();
    }
  }

  /** What one trainer measures before the first step. */
  private static Measured measured(String score, StatisticRequest request) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader()
                .parse("test.conf", NETWORK + "prune { score = null, " + score + " }", List.of())
                .config());
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();
      Statistics statistics =
          new StatisticsCodec(List.of(request), run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);
      FloatBuffer weights = replica.state().array(0, 0);
      float[] first = new float[weights.limit()];
      weights.get(0, first);
      return new Measured(statistics, FloatBuffer.wrap(images(run)), FloatBuffer.wrap(first));
    }
  }

  private static double[][] raised(double[][] rows) {
    double[][] raised = new double[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      raised[row] = Arrays.stream(rows[row]).map(x -> x * x * x * x).toArray();
    }
    return raised;
  }

  /** Means, and then variances around them. */
  private static double[] moments(double[][] rows) {
    double[] means = means(rows);
    double[] moments = Arrays.copyOf(means, 2 * means.length);
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        moments[means.length + i] += Math.pow(row[i] - means[i], 2) / rows.length;
      }
    }
    return moments;
  }

  private static void assertClose(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i])
          .isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
    }
  }

  private static float[] images(PreparedRun run) {
    int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
    float[] images = new float[2 * BATCH * SIDE * SIDE];
    run.dataset().train().fill(order, 0, 2 * BATCH, images, new int[2 * BATCH]);
    return images;
  }

  /** A 3 × 3 convolution of stride 2 and padding 1 with four outputs. */
  private static float[] convolved(float[] images, FloatBuffer weights) {
    int half = SIDE / 2;
    float[] outputs = new float[2 * BATCH * 4 * half * half];
    for (int at = 0; at < outputs.length; at++) {
      int x = at % half;
      int y = at / half % half;
      int output = at / (half * half) % 4;
      int image = at / (4 * half * half);
      for (int k = 0; k < 9; k++) {
        int row = 2 * y - 1 + k / 3;
        int column = 2 * x - 1 + k % 3;
        if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) {
          outputs[at] += weights.get(output * 9 + k) * images[(image * SIDE + row) * SIDE + column];
        }
      }
    }
    return outputs;
  }

  /** All rows of what a convolution multiplies: by group, channel of it and place in the window. */
  private static double[][] patches(
      float[] values, int channels, int side, int kernel, int stride, int padding) {
    int places = (side + 2 * padding - kernel) / stride + 1;
    int examples = values.length / (channels * side * side);
    double[][] rows = new double[examples * places * places][channels * kernel * kernel];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < rows[row].length; i++) {
        int channel = row / (places * places) * channels + i / (kernel * kernel);
        int y = row / places % places * stride - padding + i / kernel % kernel;
        int x = row % places * stride - padding + i % kernel;
        boolean inside = y >= 0 && y < side && x >= 0 && x < side;
        rows[row][i] = inside ? values[(channel * side + y) * side + x] : 0;
      }
    }
    return rows;
  }

  private static double[] means(double[][] rows) {
    double[] means = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        means[i] += row[i] / rows.length;
      }
    }
    return means;
  }

  /** Mean products within each group. */
  private static double[] products(double[][] rows, int groups) {
    int features = rows[0].length / groups;
    double[] products = new double[groups * features * features];
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        for (int j = 0; j < features; j++) {
          double product = row[i] * row[i / features * features + j];
          products[i * features + j] += product / rows.length;
        }
      }
    }
    return products;
  }

  /** Mean products of the features of two layers with as many rows. */
  private static double[] products(double[][] left, double[][] right) {
    double[] products = new double[left[0].length * right[0].length];
    for (int row = 0; row < left.length; row++) {
      for (int i = 0; i < products.length; i++) {
        double product = left[row][i / right[0].length] * right[row][i % right[0].length];
        products[i] += product / left.length;
      }
    }
    return products;
  }

  private static double[] squares(double[][] rows, int groups) {
    int features = rows[0].length / groups;
    double[] products = products(rows, groups);
    double[] squares = new double[rows[0].length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = products[i * features + i % features];
    }
    return squares;
  }
}
