package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole state. Arrays of which few units live take memory for those only. Not thread-safe while
 * written; freely shared afterwards.
 */
public final class TrainingState implements StateAccess {
  private final StateLayout layout;
  private final StoredArray[][] arrays;

  public TrainingState(StateLayout layout) {
    this.layout = layout;
    arrays = new StoredArray[layout.entries().size()][];
    for (int i = 0; i < arrays.length; i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      arrays[i] = new StoredArray[entry.slots()];
      Arrays.fill(arrays[i], StoredArray.zeros(entry.size()));
    }
  }

  /**
   * A state of these values, one array per parameter of the network; moments are 0, auxiliary
   * parameters as they are initially.
   */
  public static TrainingState of(StateLayout layout, List<float[]> values) {
    return owning(layout, values.stream().map(float[]::clone).toList());
  }

  /** Returns a state that has these arrays themselves, which nothing else may use. */
  public static TrainingState owning(StateLayout layout, List<float[]> values) {
    TrainingState state = new TrainingState(layout);
    for (int i = 0; i < values.size(); i++) {
      state.arrays[i][0] = new StoredArray.Dense(values.get(i), true);
    }
    for (int i = values.size(); i < state.arrays.length; i++) {
      StateLayout.Beside beside = layout.entries().get(i).beside().orElseThrow();
      float[] all = new float[layout.entries().get(i).size()];
      beside
          .parameter()
          .initial()
          .write(layout.entries().get(beside.weight()).shape(), values.get(beside.weight()), all);
      state.arrays[i][0] = new StoredArray.Dense(all, true);
    }
    return state;
  }

  /**
   * A state with the same values, which gets memory of its own for those arrays that are written.
   * This one must not be written any more.
   */
  public TrainingState copy() {
    TrainingState copy = new TrainingState(layout);
    for (int i = 0; i < arrays.length; i++) {
      for (int slot = 0; slot < arrays[i].length; slot++) {
        copy.arrays[i][slot] = arrays[i][slot].shared();
      }
    }
    return copy;
  }

  @Override
  public FloatBuffer array(int parameter, int slot) {
    StoredArray.Dense writable = arrays[parameter][slot].writable();
    arrays[parameter][slot] = writable;
    return FloatBuffer.wrap(writable.values());
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    arrays[entry][slot].read(from, target);
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    arrays[entry][slot].digest(digest);
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    arrays[entry][slot].gather(units, target);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    arrays[entry][slot] = StoredArray.of(units, source);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    FloatBuffer living = FloatBuffer.allocate(units.kept());
    gather(entry, slot, units, living);
    scatter(entry, slot, units, living.flip());
  }

  /** All values, for reads only. */
  public float[] values(int parameter, int slot) {
    return arrays[parameter][slot].values();
  }

  /** The prunable parameters' weights, in order, for reads only. */
  public List<float[]> prunableWeights() {
    return IntStream.range(0, arrays.length)
        .filter(i -> layout.entries().get(i).mask().isPresent())
        .mapToObj(i -> values(i, 0))
        .toList();
  }

  /** The arrays of an auxiliary parameter of the prunable parameters, for reads only. */
  public List<float[]> auxiliary(String name) {
    return layout.auxiliary(name).stream().map(i -> values(i, 0)).toList();
  }

  /** Throws {@link DivergedException} if a value is NaN or infinite. */
  public void requireFinite(long step) {
    String worst = "";
    double largest = -1;
    for (int i = 0; i < arrays.length; i++) {
      for (StoredArray values : arrays[i]) {
        float magnitude = values.largestMagnitude();
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
}
