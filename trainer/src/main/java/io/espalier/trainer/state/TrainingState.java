package io.espalier.trainer.state;

import java.nio.FloatBuffer;

/** A whole state in plain arrays. Not thread-safe while written; freely shared afterwards. */
public final class TrainingState implements StateAccess {
  private final float[][][] arrays;

  public TrainingState(StateLayout layout) {
    arrays = new float[layout.entries().size()][][];
    for (int i = 0; i < arrays.length; i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      arrays[i] = new float[entry.slots()][entry.size()];
    }
  }

  @Override
  public FloatBuffer array(int parameter, int slot) {
    return FloatBuffer.wrap(arrays[parameter][slot]);
  }

  /** Returns the array itself, for fast reads only. */
  public float[] values(int parameter, int slot) {
    return arrays[parameter][slot];
  }
}
