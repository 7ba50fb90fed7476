package io.espalier.trainer.state;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The averages that a run keeps of its weights. What changes weights otherwise than by a step has
 * them follow, by {@link #restart} or as the weights do.
 */
public final class WeightAverages {
  private final StateLayout layout;

  private WeightAverages(StateLayout layout) {
    this.layout = layout;
  }

  /** Returns none where the run keeps no averages. */
  public static Optional<WeightAverages> of(StateLayout layout) {
    return layout.slots().average() ? Optional.of(new WeightAverages(layout)) : Optional.empty();
  }

  /** The weights become their averages. */
  public void take(StateAccess state, LiveUnits living) {
    write(state, living, WeightAverages::value, read(state, living, this::average));
  }

  /** The averages become the weights. */
  public void restart(StateAccess state, LiveUnits living) {
    write(state, living, this::average, read(state, living, WeightAverages::value));
  }

  /** What {@code seen} gives while the averages stand in for the weights. */
  public <T> T showing(StateAccess state, LiveUnits living, Supplier<T> seen) {
    List<FloatBuffer> weights = read(state, living, WeightAverages::value);
    take(state, living);
    T result = seen.get();
    write(state, living, WeightAverages::value, weights);
    return result;
  }

  private static int value(StateLayout.Entry entry) {
    return 0;
  }

  private int average(StateLayout.Entry entry) {
    return layout.averageOf(entry).orElseThrow();
  }

  private List<FloatBuffer> read(
      StateAccess state, LiveUnits living, Function<StateLayout.Entry, Integer> slot) {
    List<FloatBuffer> arrays = new ArrayList<>();
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      if (layout.averageOf(entry).isPresent()) {
        FloatBuffer values = FloatBuffer.allocate(living.count(entry));
        new StateCodec(layout).pack(state, i, slot.apply(entry), living.mask(entry), values);
        arrays.add(values.flip());
      }
    }
    return arrays;
  }

  private void write(
      StateAccess state,
      LiveUnits living,
      Function<StateLayout.Entry, Integer> slot,
      List<FloatBuffer> arrays) {
    int next = 0;
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      if (layout.averageOf(entry).isPresent()) {
        new StateCodec(layout)
            .unpack(arrays.get(next++), living.mask(entry), state, i, slot.apply(entry));
      }
    }
  }
}
