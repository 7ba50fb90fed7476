package io.espalier.trainer.executor;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Factors of one weight, one per unit, rewritten in place. Confined to the executor's thread. */
public interface WeightFactors {
  FloatBuffer view();

  /** The same memory as {@link #view}. */
  IntBuffer bits();

  /** Writes 1 for kept units and 0 for pruned ones. */
  default void set(Mask mask) {
    float[] copy = new float[mask.size()];
    mask.copyTo(copy);
    view().put(0, copy);
  }
}
