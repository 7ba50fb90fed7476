package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * A mask as the engine multiplies it: 1 where kept, 0 where not. Its array belongs to the replica's
 * manager and is rewritten in place. Confined to the replica's thread.
 */
final class FloatMask {
  private final NDArray array;
  private final FloatBuffer view;
  private final IntBuffer bits;

  FloatMask(NDManager manager, Shape shape) {
    array = manager.zeros(shape);
    ByteBuffer memory = array.toByteBuffer(true);
    view = memory.asFloatBuffer();
    bits = memory.asIntBuffer();
  }

  NDArray array() {
    return array;
  }

  /** A live view of the array. */
  FloatBuffer view() {
    return view;
  }

  /** The same view as the bits of its floats. */
  IntBuffer bits() {
    return bits;
  }

  void set(Mask mask) {
    float[] copy = new float[mask.size()];
    mask.copyTo(copy);
    view.put(0, copy);
  }
}
