package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.SynapticFlow;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flow through a network before its first step, whose biases are 0. */
class SynapticFlowTest {
  private static final StatisticRequest FLOW =
      new StatisticRequest(SynapticFlow.OF_WEIGHTS, 1, Units.CANDIDATES);

  private static final String RECIPE =
      """
      name = test, seed = 3, model.initial = he, data { kind = digits, batch-size = 32 }
      train { epochs = 1, sync-every = 5 }
      prune { sparsity = 50%, min-keep = 0, score = synflow, schedule = constant }
      """;

  private record Flow(Statistics statistics, List<float[]> weights) {
    double sum(int layer) {
      float[] slopes = statistics.of(FLOW, layer).get(0);
      double sum = 0;
      for (int unit = 0; unit < slopes.length; unit++) {
        sum += Math.abs((double) slopes[unit] * weights.get(layer)[unit]);
      }
      return sum;
    }
  }

  @Test
  void flow_ofAPerceptron_isTheSumOverThePathsOfAbsoluteWeights() {
    Flow flow = flow("model { kind = mlp, hidden = [6] }");
    float[] first = flow.weights().get(0);
    float[] second = flow.weights().get(1);

    for (int hidden = 0; hidden < 6; hidden++) {
      double in = 0;
      double out = 0;
      for (int i = 0; i < 64; i++) {
        in += Math.abs(first[hidden * 64 + i]);
      }
      for (int k = 0; k < 10; k++) {
        out += Math.abs(second[k * 6 + hidden]);
      }
      for (int i = 0; i < 64; i++) {
        assertThat((double) flow.statistics().of(FLOW, 0).get(0)[hidden * 64 + i])
            .isCloseTo(out, within(1e-5 * out));
      }
      for (int k = 0; k < 10; k++) {
        assertThat((double) flow.statistics().of(FLOW, 1).get(0)[k * 6 + hidden])
            .isCloseTo(in, within(1e-5 * in));
      }
    }
  }

  @Test
  void flow_throughConvolutionsAndNorms_isTheSameInEveryLayer() {
    Flow flow =
        flow(
            """
            model { kind = layers, layers = [
              { kind = convolution, outputs = 6, kernel = 3, padding = 1, bias = false }
              { kind = batch-norm }, { kind = relu }
              { kind = convolution, outputs = 4, kernel = 3, stride = 2 }, { kind = relu }
              { kind = flatten }, { kind = linear, outputs = classes } ] }
            """);

    assertThat(flow.sum(0)).isPositive();
    assertThat(flow.sum(1)).isCloseTo(flow.sum(0), within(1e-4 * flow.sum(0)));
    assertThat(flow.sum(2)).isCloseTo(flow.sum(0), within(1e-4 * flow.sum(0)));
  }

  /** Every layer keeps weights, where as many as this leave little more than one path. */
  @Test
  void rounds_toAHighSparsity_collapseNoLayer() {
    String recipe =
        RECIPE
            + """
            model { kind = mlp, hidden = [40, 40] }
            prune { sparsity = null, sparsity = 99%, allocation = global, schedule = null
                    schedule { kind = geometric, begin = 0, end = 80%, updates = 7 } }
            """;

    FinishedRun run =
        TrainingLoop.run(
            SampleRuns.prepare(new RecipeLoader().parse("test.conf", recipe, List.of()).config()),
            LoopListener.NONE);

    assertThat(run.committed().masks().masks().masks())
        .allSatisfy(mask -> assertThat(mask.kept()).isPositive());
  }

  private static Flow flow(String model) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader().parse("test.conf", RECIPE + model, List.of()).config());
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      replica.measure();
      Statistics statistics =
          new StatisticsCodec(List.of(FLOW), run.observedLayers(), run.denseMasks().candidates())
              .merge(
                  List.of(replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()), 0);
      List<float[]> weights = new ArrayList<>();
      for (int p = 0; p < run.network().parameters().size(); p++) {
        if (run.network().parameters().get(p).shape().rank() >= 2) {
          FloatBuffer buffer = replica.state().array(p, 0);
          float[] values = new float[buffer.limit()];
          buffer.get(0, values);
          weights.add(values);
        }
      }
      return new Flow(statistics, weights);
    }
  }
}
