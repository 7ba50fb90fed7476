package io.espalier.trainer.observer;

import java.nio.FloatBuffer;

/** One change of a layer's weight, measured by its effect on the network's outputs. */
public interface Probe {
  /** Returns what is added to the weight, by index. */
  float[] shift(FloatBuffer weight);

  /**
   * Sees the logits {@code [size, classes]} of a batch, row-major, without and with the change.
   * Neither array may be changed.
   */
  void see(float[] logits, float[] changed);

  /** Sees the outputs with the labels of the batch, for a probe that looks at the loss. */
  default void see(float[] logits, float[] changed, int[] labels) {
    see(logits, changed);
  }
}
