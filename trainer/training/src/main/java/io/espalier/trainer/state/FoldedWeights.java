package io.espalier.trainer.state;

import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.Purpose;
import io.espalier.masks.kind.WeightView.StepFactors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The last mask update of a kind that settles: weights become what passes saw of them, by the same
 * arithmetic on every holder of a state, so that nothing has to travel.
 */
public final class FoldedWeights {
  private final StateLayout layout;
  private final MaskState before;
  private final MaskState after;
  private final long seed;

  private FoldedWeights(StateLayout layout, MaskState before, MaskState after, long seed) {
    this.layout = layout;
    this.before = before;
    this.after = after;
    this.seed = seed;
  }

  /**
   * Multiplies the weights by their factors if {@code after} has the last update and the kind
   * settles; {@code state} still has all values of {@code before}.
   */
  public static void settle(
      StateLayout layout, MaskState before, MaskState after, long seed, StateAccess state) {
    if (before.kind().settles() && before.mayChange() && !after.mayChange()) {
      FoldedWeights weights = new FoldedWeights(layout, before, after, seed);
      IntStream.range(0, layout.entries().size())
          .filter(i -> layout.entries().get(i).mask().isPresent())
          .forEach(i -> weights.settle(i, state));
    }
  }

  private void settle(int entry, StateAccess state) {
    int index = layout.entries().get(entry).mask().orElseThrow();
    WeightView view =
        before
            .kind()
            .view(
                new MaskedWeight(
                    index,
                    after.masks().masks().get(index),
                    after.updatedAt(),
                    true,
                    after.updatedAt(),
                    before.annealing(),
                    seed,
                    0));
    if (view.forward() != WeightView.Factor.STEP) {
      return;
    }
    FloatBuffer weights = read(entry, 0, state);
    ByteBuffer memory = memory(weights.limit());
    FloatBuffer factors = memory.asFloatBuffer();
    view.factors(
        new StepFactors(
            Purpose.EVALUATION,
            after.updatedAt(),
            weights,
            beside(entry, state),
            factors,
            memory.asIntBuffer()));
    multiply(state, entry, 0, factors);
    layout
        .averageOf(layout.entries().get(entry))
        .ifPresent(slot -> multiply(state, entry, slot, factors));
  }

  private void multiply(StateAccess state, int entry, int slot, FloatBuffer factors) {
    FloatBuffer values = read(entry, slot, state);
    for (int unit = 0; unit < values.limit(); unit++) {
      values.put(unit, values.get(unit) * factors.get(unit));
    }
    state.write(entry, slot, values);
  }

  /** The values that the kind has beside a weight, in its order. */
  private List<FloatBuffer> beside(int weight, StateAccess state) {
    return IntStream.range(0, layout.entries().size())
        .filter(
            i -> layout.entries().get(i).beside().filter(of -> of.weight() == weight).isPresent())
        .mapToObj(i -> read(i, 0, state))
        .toList();
  }

  private FloatBuffer read(int entry, int slot, StateAccess state) {
    FloatBuffer values = memory(layout.entries().get(entry).size()).asFloatBuffer();
    state.read(entry, slot, 0, values);
    return values.flip();
  }

  private static ByteBuffer memory(int floats) {
    return ByteBuffer.allocate(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder());
  }
}
