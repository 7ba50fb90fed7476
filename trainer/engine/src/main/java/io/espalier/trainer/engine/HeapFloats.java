package io.espalier.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Values of the Java heap as arrays of the engine, in one copy. */
public final class HeapFloats {
  private HeapFloats() {}

  /** Creates an array of as many of the first values as the shape has. */
  public static NDArray copy(float[] values, Shape shape, NDManager manager) {
    NDArray array = manager.create(shape);
    array.toByteBuffer(true).asFloatBuffer().put(values, 0, Math.toIntExact(shape.size()));
    return array;
  }
}
