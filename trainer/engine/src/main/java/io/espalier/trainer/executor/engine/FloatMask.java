package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.executor.WeightFactors;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Factors as floats of the engine. Confined to the executor's thread. */
final class FloatMask implements WeightFactors {
  private final NDArray array;
  private final FloatBuffer view;
  private final IntBuffer bits;

  public FloatMask(NDManager manager, Shape shape) {
    array = manager.zeros(shape);
    ByteBuffer memory = array.toByteBuffer(true);
    view = memory.asFloatBuffer();
    bits = memory.asIntBuffer();
  }

  public NDArray array() {
    return array;
  }

  @Override
  public FloatBuffer view() {
    return view;
  }

  @Override
  public IntBuffer bits() {
    return bits;
  }
}
