package io.espalier.trainer.state;

import static io.espalier.trainer.network.ParameterSpec.Role.WEIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
  private static final StateCodec CODEC = new StateCodec(SampleStates.LAYOUT);

  @Property(tries = 300)
  void unpack_ofPackedState_restoresLivingValuesAndZeroesTheRest(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    TrainingState state = SampleStates.random(seed);
    LiveUnits living = SampleStates.living(seed + 1, density);
    TrainingState restored = SampleStates.random(seed + 2);

    FloatBuffer packed = SampleStates.packed(state, living);
    CODEC.unpack(packed, living, restored);

    assertThat(packed.hasRemaining()).isFalse();
    for (int i = 0; i < SampleStates.LAYOUT.entries().size(); i++) {
      StateLayout.Entry entry = SampleStates.LAYOUT.entries().get(i);
      for (int slot = 0; slot < entry.slots(); slot++) {
        for (int unit = 0; unit < entry.size(); unit++) {
          float expected =
              SampleStates.lives(entry, unit, living) ? state.values(i, slot)[unit] : 0;
          assertThat(restored.values(i, slot)[unit]).isEqualTo(expected);
        }
      }
    }
  }

  @Property(tries = 100)
  void clearDead_anyMask_givesWhatUnpackGives(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    TrainingState state = SampleStates.random(seed);
    LiveUnits living = SampleStates.living(seed + 1, density);
    TrainingState restored = new TrainingState(SampleStates.LAYOUT);
    CODEC.unpack(SampleStates.packed(state, living), living, restored);

    CODEC.clearDead(state, living);

    StateDigest digest = new StateDigest(SampleStates.LAYOUT);
    assertThat(digest.of(state, 0, "")).isEqualTo(digest.of(restored, 0, ""));
  }

  /** Sizes about the blocks in which values are copied, in native memory. */
  @ParameterizedTest
  @ValueSource(ints = {4095, 4096, 4097, 9000})
  void largeArrays_packedAndUnpacked_keepLivingValuesOnly(int size) {
    ParameterId id = new ParameterId("weight");
    StateLayout layout =
        StateLayout.of(
            List.of(new ParameterSpec(new ParameterShape(id, List.of(size, 1)), WEIGHT, 1, 1, 0)),
            List.of(id),
            0);
    StateCodec codec = new StateCodec(layout);
    for (double density : new double[] {0, 0.02, 0.3, 0.9, 1}) {
      SplittableRandom random = new SplittableRandom(size);
      Mask mask = Mask.of(size, unit -> unit < 5000 && random.nextDouble() < density);
      LiveUnits living = LiveUnits.of(List.of(mask));
      FloatBuffer state = numbered(size);
      FloatBuffer restored = numbered(size);
      FloatBuffer packed = FloatBuffer.allocate(mask.kept());

      codec.pack((parameter, slot) -> state.duplicate(), living, packed);
      codec.unpack(packed.flip(), living, (parameter, slot) -> restored.duplicate());
      codec.clearDead((parameter, slot) -> state.duplicate(), living);

      assertThat(packed.hasRemaining()).isFalse();
      for (int unit = 0; unit < size; unit++) {
        assertThat(restored.get(unit)).isEqualTo(mask.isKept(unit) ? unit + 1 : 0);
        assertThat(state.get(unit)).isEqualTo(restored.get(unit));
      }
    }
  }

  private static FloatBuffer numbered(int size) {
    FloatBuffer values =
        ByteBuffer.allocateDirect(size * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int unit = 0; unit < size; unit++) {
      values.put(unit, unit + 1);
    }
    return values;
  }

  @Test
  void packedFloats_ofLivingUnits_countsValuesAndMoments() {
    LiveUnits none = SampleStates.living(1, 0);

    assertThat(SampleStates.LAYOUT.packedFloats(LiveUnits.all()))
        .isEqualTo(3 * (70 + 7 + 6) + 3 + 3);
    assertThat(SampleStates.LAYOUT.packedFloats(none)).isEqualTo(3 * 7 + 3 + 3);
  }
}
