package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** A mask as floats of the engine, rewritten in place. Confined to the executor's thread. */
final class FloatMask {
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

  public FloatBuffer view() {
    return view;
  }

  public IntBuffer bits() {
    return bits;
  }

  public void set(Mask mask) {
    float[] copy = new float[mask.size()];
    mask.copyTo(copy);
    view.put(0, copy);
  }
}
