package io.espalier.trainer.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.Garbage;
import org.junit.jupiter.api.Test;

class EngineCrossEntropyTest {
  private static final double SMOOTHING = 0.3;

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
}
