package io.espalier.trainer.state;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A whole state in plain arrays. Not thread-safe while written; freely shared afterwards. */
public final class TrainingState implements StateAccess {
  private final StateLayout layout;
  private final float[][][] arrays;

  public TrainingState(StateLayout layout) {
    this.layout = layout;
    arrays = new float[layout.entries().size()][][];
    for (int i = 0; i < arrays.length; i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      arrays[i] = new float[entry.slots()][entry.size()];
    }
  }

  /**
   * A state of these values, one array per parameter of the network; moments are 0, auxiliary
   * parameters as they are initially.
   */
  public static TrainingState of(StateLayout layout, List<float[]> values) {
    TrainingState state = new TrainingState(layout);
    for (int i = 0; i < values.size(); i++) {
      System.arraycopy(values.get(i), 0, state.arrays[i][0], 0, values.get(i).length);
    }
    for (int i = values.size(); i < state.arrays.length; i++) {
      float initial = layout.entries().get(i).beside().orElseThrow().parameter().initial();
      Arrays.fill(state.arrays[i][0], initial);
    }
    return state;
  }

  /** A state with arrays of its own. */
  public TrainingState copy() {
    TrainingState copy = new TrainingState(layout);
    for (int i = 0; i < arrays.length; i++) {
      for (int slot = 0; slot < arrays[i].length; slot++) {
        System.arraycopy(arrays[i][slot], 0, copy.arrays[i][slot], 0, arrays[i][slot].length);
      }
    }
    return copy;
  }

  @Override
  public FloatBuffer array(int parameter, int slot) {
    return FloatBuffer.wrap(arrays[parameter][slot]);
  }

  /** Returns the array itself, for fast access. */
  public float[] values(int parameter, int slot) {
    return arrays[parameter][slot];
  }

  /** The arrays of the prunable parameters' weights, in order, for fast reads only. */
  public List<float[]> prunableWeights() {
    return IntStream.range(0, arrays.length)
        .filter(i -> layout.entries().get(i).mask().isPresent())
        .mapToObj(i -> arrays[i][0])
        .toList();
  }

  /** The arrays of an auxiliary parameter of the prunable parameters, for fast reads only. */
  public List<float[]> auxiliary(String name) {
    return layout.auxiliary(name).stream().map(i -> arrays[i][0]).toList();
  }

  /** Throws {@link DivergedException} if a value is NaN or infinite. */
  public void requireFinite(long step) {
    String worst = "";
    double largest = -1;
    for (int i = 0; i < arrays.length; i++) {
      for (float[] values : arrays[i]) {
        float magnitude = largestMagnitude(values);
        if (!(magnitude <= largest)) {
          largest = magnitude;
          worst = layout.entries().get(i).id().name();
        }
        if (!Float.isFinite(magnitude)) {
          throw new DivergedException(step, "A weight or moment", worst, largest);
        }
      }
    }
  }

  /** Largest absolute value; NaN if there is one. */
  private static float largestMagnitude(float[] values) {
    // Bits without the sign are in the order of magnitudes, and NaN is above all.
    int largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    return Float.intBitsToFloat(largest);
  }
}
