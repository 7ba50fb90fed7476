package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StateDigest;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence of softmax regression on the digits against its formula in plain Java. */
class GradientStatisticsTest {
  private static final int INPUTS = 64;
  private static final int CLASSES = 10;
  private static final int BATCH = 32;
  private static final String REGRESSION =
      """
      name = test, seed = 3, data { kind = digits, batch-size = 32 }
      train { epochs = 4, sync-every = 5 }
      prune { sparsity = 50%, min-keep = 0, allocation = uniform }
      """;

  @Test
  void gradient_ofAllUnits_isThatOfTheFormula_alsoWherePruned() {
    PreparedRun run =
        prepared(
            "prune { score = random, schedule = constant"
                + ", regrowth { kind = rigl, every = 5, batches = 3 } }");
    try (Replica replica = Replica.of(run, 0)) {
      trainToFirstUpdate(run, replica);
      float[] weights = values(replica, 0);
      float[] bias = values(replica, 1);
      Mask kept = Committer.start(run).open().committed().masks().masks().masks().get(0);

      FloatBuffer statistics = statistics(replica);

      double[] mean = new double[INPUTS * CLASSES];
      for (int batch = 0; batch < 3; batch++) {
        double[] gradient = gradient(run, weights, bias, 5 + batch);
        for (int unit = 0; unit < mean.length; unit++) {
          mean[unit] += gradient[unit] / 3;
        }
      }
      assertThat(statistics.remaining()).isEqualTo(INPUTS * CLASSES);
      assertThat(kept.pruned()).isEqualTo(320);
      for (int unit = 0; unit < mean.length; unit++) {
        assertThat((double) statistics.get(unit)).isCloseTo(mean[unit], within(1e-6));
      }
    }
  }

  @Test
  void taylor_ofCandidates_isTheMeanOfAbsoluteProducts() {
    PreparedRun run =
        prepared(
            "prune { score { kind = taylor, batches = 2 }, schedule { kind = one-shot, begin = 5 }"
                + " }");
    try (Replica replica = Replica.of(run, 0)) {
      trainToFirstUpdate(run, replica);
      float[] weights = values(replica, 0);
      float[] bias = values(replica, 1);

      FloatBuffer statistics = statistics(replica);

      double[] first = gradient(run, weights, bias, 5);
      double[] second = gradient(run, weights, bias, 6);
      assertThat(statistics.remaining()).isEqualTo(INPUTS * CLASSES);
      for (int unit = 0; unit < first.length; unit++) {
        double expected =
            (Math.abs(weights[unit] * first[unit]) + Math.abs(weights[unit] * second[unit])) / 2;
        assertThat((double) statistics.get(unit)).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200})
  void curvature_isTheHessianTimesTheGradient(int temperature) {
    PreparedRun run =
        prepared(
            "prune { score { kind = grasp, batches = 2, temperature = "
                + temperature
                + " }, schedule { kind = one-shot, begin = 5 } }");
    try (Replica replica = Replica.of(run, 0)) {
      trainToFirstUpdate(run, replica);
      float[] weights = values(replica, 0);
      float[] bias = values(replica, 1);

      FloatBuffer statistics = statistics(replica);

      double[] first = curvature(run, weights, bias, 5, temperature);
      double[] second = curvature(run, weights, bias, 6, temperature);
      assertThat(statistics.remaining()).isEqualTo(INPUTS * CLASSES);
      double largest = 0;
      double worst = 0;
      for (int unit = 0; unit < first.length; unit++) {
        double expected = (first[unit] + second[unit]) / 2;
        largest = Math.max(largest, Math.abs(expected));
        worst = Math.max(worst, Math.abs(expected - statistics.get(unit)));
      }
      assertThat(worst).isLessThan(2e-3 * largest);
    }
  }

  /** h = mean p (1 − p) x² of softmax regression. */
  @Test
  void hessianDiagonal_overManySigns_isNearTheDiagonal() {
    PreparedRun run =
        prepared(
            "prune { score { kind = obd, batches = 2, probes = 300 }, schedule { kind = one-shot,"
                + " begin = 5 } }");
    try (Replica replica = Replica.of(run, 0)) {
      trainToFirstUpdate(run, replica);
      float[] weights = values(replica, 0);
      float[] bias = values(replica, 1);

      FloatBuffer statistics = statistics(replica);

      double[] expected = new double[INPUTS * CLASSES];
      addDiagonal(run, weights, bias, 5, expected);
      addDiagonal(run, weights, bias, 6, expected);
      double trace = 0;
      double found = 0;
      double error = 0;
      double squares = 0;
      for (int unit = 0; unit < expected.length; unit++) {
        trace += expected[unit];
        found += statistics.get(unit);
        error += Math.pow(statistics.get(unit) - expected[unit], 2);
        squares += expected[unit] * expected[unit];
      }
      assertThat(found).isCloseTo(trace, within(.03 * trace));
      assertThat(Math.sqrt(error / squares)).isLessThan(.3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hard, taylor",
    "soft, taylor",
    "annealed, taylor",
    "hard, grasp",
    "soft, fisher",
    "hard, obd",
    "soft, synflow",
    "hard, gblm",
    "hard, wanda-regional",
    "hard, contribution",
    "hard, attention-maps",
    "hard, lrp",
    "hard, woodfisher"
  })
  void measuring_changesNothing(String kind, String score) {
    PreparedRun run =
        prepared(
            "model { kind = resnet-8, width = 2 }, prune { score = "
                + score
                + ", schedule { kind = cubic, begin = 0, end = 50%, updates = 20 }, mask = "
                + kind
                + " }");
    StateDigest digest = new StateDigest(run.stateLayout());
    Committer committer = Committer.start(run);
    int measured = 0;
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      for (int sync = 0; sync < 4; sync++) {
        for (int step = 0; step < 5; step++) {
          replica.step();
        }
        outcome = committer.sync(List.of(replica.packedState()));
        replica.apply(outcome.commit(), outcome.payload());
        if (outcome.commit().next() == Commit.Next.MEASURE) {
          String before = digest.of(replica.state(), 0, "");
          replica.measure();
          ByteBuffer once = copy(replica.packedState());
          replica.measure();

          assertThat(digest.of(replica.state(), 0, "")).isEqualTo(before);
          assertThat(replica.packedState()).isEqualTo(once);
          measured++;
          outcome = committer.sync(List.of(once));
          replica.apply(outcome.commit(), outcome.payload());
        }
      }
    }
    assertThat(measured).isEqualTo(4);
  }

  @Test
  void measuring_reportsProgressAfterEveryBatch() {
    PreparedRun run =
        prepared(
            "prune { score { kind = taylor, batches = 7 }, schedule { kind = one-shot, begin = 5 }"
                + " }");
    AtomicInteger reports = new AtomicInteger();
    try (Replica replica = Replica.of(run, 0, reports::incrementAndGet)) {
      trainToFirstUpdate(run, replica);
      reports.set(0);

      replica.measure();

      assertThat(reports).hasValue(7);
    }
  }

  private static void trainToFirstUpdate(PreparedRun run, Replica replica) {
    SyncOutcome outcome = Committer.start(run).open();
    replica.apply(outcome.commit(), outcome.payload());
    for (int step = 0; step < 5; step++) {
      replica.step();
    }
  }

  private static FloatBuffer statistics(Replica replica) {
    replica.measure();
    return replica.packedState().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** The next packed state overwrites the last one. */
  private static ByteBuffer copy(ByteBuffer packed) {
    return ByteBuffer.allocate(packed.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(packed.duplicate())
        .flip();
  }

  private static float[] values(Replica replica, int parameter) {
    FloatBuffer buffer = replica.state().array(parameter, 0);
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static double[] gradient(PreparedRun run, float[] weights, float[] bias, int step) {
    return gradient(run, Values.inDouble(weights), bias, step, 1);
  }

  /** Adds half the diagonal of the Hessian for the batch after {@code step} steps. */
  private static void addDiagonal(
      PreparedRun run, float[] weights, float[] bias, int step, double[] diagonal) {
    for (int unit = 0; unit < weights.length; unit++) {
      double[] ahead = Values.inDouble(weights);
      double[] behind = Values.inDouble(weights);
      ahead[unit] += 1e-4;
      behind[unit] -= 1e-4;
      double slope =
          gradient(run, ahead, bias, step, 1)[unit] - gradient(run, behind, bias, step, 1)[unit];
      diagonal[unit] += slope / 2e-4 / 2;
    }
  }

  /** The Hessian times the gradient, by a central difference in double. */
  private static double[] curvature(
      PreparedRun run, float[] weights, float[] bias, int step, double temperature) {
    double[] gradient = gradient(run, Values.inDouble(weights), bias, step, temperature);
    double[] ahead = Values.inDouble(weights);
    double[] behind = Values.inDouble(weights);
    for (int unit = 0; unit < weights.length; unit++) {
      ahead[unit] += 1e-4 * gradient[unit];
      behind[unit] -= 1e-4 * gradient[unit];
    }
    double[] further = gradient(run, ahead, bias, step, temperature);
    double[] nearer = gradient(run, behind, bias, step, temperature);
    double[] curvature = new double[weights.length];
    for (int unit = 0; unit < weights.length; unit++) {
      curvature[unit] = (further[unit] - nearer[unit]) / 2e-4;
    }
    return curvature;
  }

  /**
   * Gradient of the mean cross-entropy of the batch after {@code step} steps, whose logits are
   * divided by a temperature T: (p − y) xᵀ / (n T).
   */
  private static double[] gradient(
      PreparedRun run, double[] weights, float[] bias, int step, double temperature) {
    int[] order = Splits.batchOrder(3, 0, run.splits().shard(0), 0);
    float[] inputs = new float[BATCH * INPUTS];
    int[] labels = new int[BATCH];
    run.dataset().train().fill(order, step * BATCH, BATCH, inputs, labels);
    double[] gradient = new double[INPUTS * CLASSES];
    for (int row = 0; row < BATCH; row++) {
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        double logit = bias[c];
        for (int i = 0; i < INPUTS; i++) {
          logit += weights[c * INPUTS + i] * inputs[row * INPUTS + i];
        }
        p[c] = Math.exp(logit / temperature);
        sum += p[c];
      }
      for (int c = 0; c < CLASSES; c++) {
        double error = p[c] / sum - (labels[row] == c ? 1 : 0);
        for (int i = 0; i < INPUTS; i++) {
          gradient[c * INPUTS + i] += error * inputs[row * INPUTS + i] / BATCH / temperature;
        }
      }
    }
    return gradient;
  }

  private static PreparedRun prepared(String variant) {
    return SampleRuns.prepare(
        new RecipeLoader()
            .parse(
                "test.conf",
                REGRESSION
                    + (variant.contains("model") ? "" : "model { kind = mlp, hidden = [] }, ")
                    + variant,
                List.of())
            .config());
  }
}
