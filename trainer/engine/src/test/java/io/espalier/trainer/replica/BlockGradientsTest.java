package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients of the length of what the blocks of a small transformer give, against central
 * differences of whole passes: what a block reads does not depend on its own weights.
 */
class BlockGradientsTest {
  private static final int CONTEXT = 6;
  private static final int BATCH = 4;
  private static final float STEP = 1e-2f;

  @TempDir private Path directory;
  private String recipe;
  private PreparedRun run;
  private List<ResidualUnit> blocks;
  private Map<ParameterId, float[]> values = Map.of();
  private float[] examples = {};

  @BeforeEach
  void prepare() throws IOException {
    Path text = directory.resolve("text");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(12));
    recipe =
        """
        name = "blocks", seed = 3
        data { kind = text, path = "%s", context = %d, batch-size = %d }
        model { kind = char-lm, layers = 2, features = 8, heads = 2, hidden = 12 }
        train { epochs = 1, sync-every = 5 }
        prune { sparsity = 50%%, allocation = uniform, schedule = constant }
        """
            .formatted(text, CONTEXT, BATCH);
    run = prepared("block");
    blocks = ResidualUnit.of(run.network(), Scope.BLOCKS);
  }

  private PreparedRun prepared(String region) {
    String score = "prune.score { kind = wanda-regional, batches = 1, region = " + region + " }";
    return SampleRuns.prepare(
        new RecipeLoader().parse("b.conf", recipe + score, List.of()).config());
  }

  private Map<ParameterId, float[]> measured(ExampleGradient statistic, String region) {
    PreparedRun measuring = prepared(region);
    List<StatisticRequest> requests =
        List.of(
            StatisticRequest.of(InputStatistic.SQUARES, 1),
            new StatisticRequest(statistic, 1, Units.CANDIDATES));
    try (Replica replica = Replica.of(measuring, 0)) {
      SyncOutcome outcome = Committer.start(measuring).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();
      Statistics statistics =
          new StatisticsCodec(
                  requests, measuring.observedLayers(), measuring.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);
      values = new HashMap<>();
      for (int p = 0; p < run.network().parameters().size(); p++) {
        FloatBuffer buffer = replica.state().array(p, 0);
        float[] each = new float[buffer.limit()];
        buffer.get(0, each);
        values.put(run.network().parameters().get(p).id(), each);
      }
      Map<ParameterId, float[]> found = new HashMap<>();
      for (int p = 0; p < run.prunableIds().size(); p++) {
        found.put(run.prunableIds().get(p), statistics.of(requests.get(1), p).get(0));
      }
      examples = new float[BATCH * run.network().input().size()];
      int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
      run.dataset().train().fill(order, 0, BATCH, examples, new int[BATCH * CONTEXT]);
      return found;
    }
  }

  /** The length of what a node gives for each example, in a pass of its own. */
  private double[] lengths(String node, ParameterId moved, int unit, float step) {
    double[] lengths = new double[BATCH];
    try (NDManager manager = TensorEngine.newManager()) {
      NetworkBlock block = new NetworkBlock(run.network());
      block.assign(
          manager,
          spec -> {
            float[] each = Objects.requireNonNull(values.get(spec.id())).clone();
            if (spec.id().equals(moved)) {
              each[unit] += step;
            }
            return each;
          });
      block.tapNodes(
          Optional.of(
              (name, output) -> {
                if (name.equals(node)) {
                  add(output, lengths);
                }
                return output;
              }));
      NDArray input =
          manager.create(
              examples,
              new Shape(
                  BATCH,
                  run.network().input().channels(),
                  run.network().input().height(),
                  run.network().input().width()));
      block.forward(new ParameterStore(manager, false), new NDList(input), false);
    }
    return lengths;
  }

  private static void add(NDArray output, double[] lengths) {
    float[] given = output.toFloatArray();
    int each = given.length / BATCH;
    for (int i = 0; i < given.length; i++) {
      lengths[i / each] += (double) given[i] * given[i];
    }
    for (int example = 0; example < BATCH; example++) {
      lengths[example] = Math.sqrt(lengths[example]);
    }
  }

  /** The mean over examples of the square of the slope of a node's length. */
  private double expected(String node, ParameterId weight, int unit) {
    double[] ahead = lengths(node, weight, unit, STEP);
    double[] behind = lengths(node, weight, unit, -STEP);
    double sum = 0;
    for (int example = 0; example < BATCH; example++) {
      sum += Math.pow((ahead[example] - behind[example]) / (2 * STEP), 2);
    }
    return sum / BATCH;
  }

  private void assertSlopes(Map<ParameterId, float[]> found, ParameterId weight, String node) {
    float[] squares = Objects.requireNonNull(found.get(weight));
    double largest = 0;
    for (int unit = 0; unit < squares.length; unit += 5) {
      double expected = expected(node, weight, unit);
      largest = Math.max(largest, expected);
      assertThat((double) squares[unit])
          .as("%s %d of %s", weight, unit, node)
          .isCloseTo(expected, within(1e-4 + 2e-2 * expected));
    }
    assertThat(largest).isGreaterThan(1e-3);
  }

  @Test
  void statistic_ofAWeightInABlock_isThatOfTheBlocksOutputs() {
    Map<ParameterId, float[]> found = measured(ExampleGradient.BLOCK_SQUARES, "block");

    for (ResidualUnit block : blocks) {
      assertThat(block.weights()).hasSize(6);
      block.weights().forEach(weight -> assertSlopes(found, weight, block.to()));
    }
  }

  /** The length of what the second block gives depends on the first block, and does not count. */
  @Test
  void statistic_ofAWeightInTheFirstBlock_hasNothingOfTheSecond() {
    Map<ParameterId, float[]> found = measured(ExampleGradient.BLOCK_SQUARES, "block");

    ParameterId weight = blocks.get(0).weights().get(5);
    float[] squares = Objects.requireNonNull(found.get(weight));
    int differing = 0;
    for (int unit = 0; unit < squares.length; unit += 5) {
      double ofSecond = expected(blocks.get(1).to(), weight, unit);
      differing += Math.abs(squares[unit] - ofSecond) > .1 * ofSecond ? 1 : 0;
      assertThat(ofSecond).isGreaterThan(1e-6);
    }
    assertThat(differing).isGreaterThan(3);
  }

  @ParameterizedTest
  @CsvSource({"BLOCK_SQUARES, block", "REGIONAL_SQUARES, layer"})
  void statistic_ofAWeightInNoBlock_isThatOfItsLayer(ExampleGradient statistic, String region) {
    Map<ParameterId, float[]> found = measured(statistic, region);

    assertSlopes(found, new ParameterId("output.weight"), "output");
  }

  @Test
  void statistic_whereTheRegionIsTheLayer_isThatOfTheLayersOutputs() {
    Map<ParameterId, float[]> found = measured(ExampleGradient.REGIONAL_SQUARES, "layer");

    assertSlopes(found, new ParameterId("block1.ffn.up.weight"), "block1.ffn.up");
  }
}
