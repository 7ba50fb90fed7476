package io.espalier.trainer.executor.sparse;

import io.espalier.trainer.executor.WeightFactors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Factors in memory outside the heap, which the engine does not know. */
record DirectFactors(FloatBuffer view, IntBuffer bits) implements WeightFactors {
  static DirectFactors of(int units) {
    ByteBuffer memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(units, Float.BYTES))
            .order(ByteOrder.nativeOrder());
    return new DirectFactors(memory.asFloatBuffer(), memory.asIntBuffer());
  }

  /** Computes {@code target = factors ⊙ values}. */
  void multiply(float[] values, float[] target) {
    view.get(0, target);
    for (int i = 0; i < target.length; i++) {
      target[i] *= values[i];
    }
  }
}
