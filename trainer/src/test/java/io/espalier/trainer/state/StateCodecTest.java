package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private static final StateCodec CODEC = new StateCodec(SampleStates.LAYOUT);

  @Property(tries = 300)
  void unpack_ofPackedState_restoresLivingValuesAndZeroesTheRest(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    TrainingState state = SampleStates.random(seed);
    LivingUnits living = SampleStates.living(seed + 1, density);
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
    LivingUnits living = SampleStates.living(seed + 1, density);
    TrainingState restored = new TrainingState(SampleStates.LAYOUT);
    CODEC.unpack(SampleStates.packed(state, living), living, restored);

    CODEC.clearDead(state, living);

    StateDigest digest = new StateDigest(SampleStates.LAYOUT);
    assertThat(digest.of(state, 0, "")).isEqualTo(digest.of(restored, 0, ""));
  }

  @Test
  void packedFloats_ofLivingUnits_countsValuesAndMoments() {
    LivingUnits none = SampleStates.living(1, 0);

    assertThat(SampleStates.LAYOUT.packedFloats(LivingUnits.all()))
        .isEqualTo(3 * (70 + 7 + 6) + 3 + 3);
    assertThat(SampleStates.LAYOUT.packedFloats(none)).isEqualTo(3 * 7 + 3 + 3);
  }
}
