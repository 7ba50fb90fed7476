package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A layout of a masked weight, a bias, norm statistics and a second masked weight. */
public final class SampleStates {
  public static final List<Integer> MASKED = List.of(70, 6);
  public static final StateLayout LAYOUT =
      StateLayout.of(
          List.of(
              spec("a.weight", Role.WEIGHT, 7, 10),
              spec("a.bias", Role.BIAS, 7),
              spec("norm.runningMean", Role.RUNNING_MEAN, 3),
              spec("norm.runningVariance", Role.RUNNING_VARIANCE, 3),
              spec("b.weight", Role.WEIGHT, 2, 3)),
          List.of(new ParameterId("a.weight"), new ParameterId("b.weight")),
          2);

  private SampleStates() {}

  private static ParameterSpec spec(String name, Role role, Integer... dimensions) {
    return new ParameterSpec(
        new ParameterShape(new ParameterId(name), List.of(dimensions)), role, 1, 1, 0);
  }

  /** Normal values; variances positive. */
  public static TrainingState random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TrainingState state = new TrainingState(LAYOUT);
    for (int i = 0; i < LAYOUT.entries().size(); i++) {
      StateLayout.Entry entry = LAYOUT.entries().get(i);
      for (int slot = 0; slot < entry.slots(); slot++) {
        FloatBuffer values = state.array(i, slot);
        while (values.hasRemaining()) {
          float value = (float) random.nextDouble(-1, 1);
          values.put(entry.role() == Role.RUNNING_VARIANCE ? value * value + 0.1f : value);
        }
      }
    }
    return state;
  }

  public static LiveUnits living(long seed, double density) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Mask> masks = new ArrayList<>();
    for (int size : MASKED) {
      masks.add(Mask.of(size, unit -> random.nextDouble() < density));
    }
    return LiveUnits.of(masks);
  }

  public static FloatBuffer packed(TrainingState state, LiveUnits living) {
    FloatBuffer packed = FloatBuffer.allocate(LAYOUT.packedFloats(living));
    new StateCodec(LAYOUT).pack(state, living, packed);
    return packed.flip();
  }

  /** Whether a value of an entry is alive. */
  public static boolean lives(StateLayout.Entry entry, int unit, LiveUnits living) {
    return living.mask(entry).map(mask -> mask.isKept(unit)).orElse(true);
  }
}
