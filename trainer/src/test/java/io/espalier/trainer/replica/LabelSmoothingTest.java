package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.network.Garbage;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelSmoothingTest {
  private static final double SMOOTHING = 0.3;

  @TempDir private Path directory;

  /** −ln p is 0.407606, 1.407606, 2.407606; the label gets 0.8 of it, each other class 0.1. */
  @Test
  void mean_workedLogits_spreadsTheLabel() {
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray logits = manager.create(new float[][] {{2, 1, 0}, {7, 7, 7}});
      NDArray labels = manager.create(new long[] {0, 1});

      assertThat(EngineCrossEntropy.mean(logits, labels, SMOOTHING).getFloat())
          .isCloseTo((0.707606f + 1.098612f) / 2, within(1e-6f));
      assertThat(EngineCrossEntropy.mean(logits, labels, 0).getFloat())
          .isCloseTo((0.407606f + 1.098612f) / 2, within(1e-6f));
    }
  }

  /** The slope is (p − smoothed label) / 2; p is 0.665241, 0.244728, 0.090031, and a third each. */
  @Test
  void backward_garbageCollectedInBetween_isTheSlope() {
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray logits = manager.create(new float[][] {{2, 1, 0}, {7, 7, 7}});
      logits.setRequiresGradient(true);
      NDArray labels = manager.create(new long[] {0, 1});
      JniUtils.setGradMode(true);
      NDArray loss = EngineCrossEntropy.mean(logits, labels, SMOOTHING);

      Garbage.collect();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);

      assertThat(logits.getGradient().toFloatArray())
          .containsExactly(
              new float[] {-0.067379f, 0.072364f, -0.004985f, 0.116667f, -0.233333f, 0.116667f},
              within(1e-6f));
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  @Test
  void step_smoothedLabels_descendsTheSlopeOfTheSmoothedLoss() {
    PreparedRun run = smoothed();
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] mask = Values.of(step.mask());
      double[] weight = Regression.product(step.before().weight, mask);
      double[] bias = Values.inDouble(step.before().bias);
      double[] slope = oracle.slope(weight, bias, SMOOTHING);

      assertThat(step.outcome().loss())
          .isCloseTo(oracle.loss(weight, bias, SMOOTHING), within(1e-5));
      for (int i = 0; i < weight.length; i++) {
        assertThat((double) step.after().weight[i])
            .isCloseTo(weight[i] - Toy.RATE * mask[i] * slope[i], within(1e-6));
      }
      for (int i = 0; i < bias.length; i++) {
        assertThat((double) step.after().bias[i])
            .isCloseTo(bias[i] - Toy.RATE * slope[weight.length + i], within(1e-6));
      }
    }
  }

  @Test
  void evaluation_ofASmoothedRun_isPlainCrossEntropy() {
    PreparedRun run = smoothed();
    Regression oracle = Regression.onValidation(run);

    for (Trace.Sync sync : Trace.of(run).syncs().subList(1, 3)) {
      int last = sync.results().size() - 1;
      oracle.checkEvaluation(sync.after(), Values.of(sync.mask()), sync.results().get(last));
    }
  }

  private PreparedRun smoothed() {
    return Toy.run(
        directory,
        Kinds.HARD,
        Toy.AT_FIVE,
        15,
        5,
        new OptimizerConfig.Sgd(0, 0),
        0.5,
        SMOOTHING,
        Optional.empty());
  }
}
