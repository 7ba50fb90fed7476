package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** A state that stores living units only is to the codec what a dense one is. */
class CompactStateTest {
  private static final StateLayout LAYOUT = SampleStates.LAYOUT;
  private static final StateCodec CODEC = new StateCodec(LAYOUT);
  private static final StateDigest DIGEST = new StateDigest(LAYOUT);

  @Property(tries = 200, seed = "3")
  void compactState_afterTheSameCalls_hasTheDigestOfADenseOne(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @DoubleRange(min = 0, max = 1) double later) {
    LiveUnits living = SampleStates.living(seed, density);
    LiveUnits left = SampleStates.living(seed + 1, later);
    List<Mask> restarted =
        List.of(
            Mask.of(SampleStates.MASKED.get(0), unit -> unit % 3 == 0),
            Mask.of(SampleStates.MASKED.get(1), unit -> unit == 1));
    TrainingState dense = SampleStates.random(seed + 2);
    CompactState compact = new CompactState(LAYOUT);
    FloatBuffer packed = SampleStates.packed(SampleStates.random(seed + 3), living);

    for (StateAccess each : List.of(dense, compact)) {
      CODEC.unpack(packed.duplicate(), living, each);
      CODEC.clearDead(each, left);
      CODEC.restart(each, restarted);
      CODEC.clearDead(each, left);
    }

    assertThat(digest(compact)).isEqualTo(digest(dense));
    assertThat(compact.stored()).isLessThanOrEqualTo(3 * (70 + 6));
    assertThat(packed(compact, left)).isEqualTo(packed(dense, left));
  }

  @Property(tries = 100, seed = "4")
  void copy_toACompactStateAndBack_restoresLivingValues(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    LiveUnits living = SampleStates.living(seed, density);
    TrainingState dense = SampleStates.random(seed + 1);
    CompactState compact = new CompactState(LAYOUT);
    TrainingState back = SampleStates.random(seed + 2);

    CODEC.copy(dense, living, compact);
    CODEC.copy(compact, living, back);

    CODEC.clearDead(dense, living);
    assertThat(digest(back)).isEqualTo(digest(dense));
    int kept = 0;
    for (StateLayout.Entry entry : LAYOUT.entries()) {
      kept += entry.mask().isPresent() ? living.count(entry) * entry.slots() : 0;
    }
    assertThat(compact.stored()).isEqualTo(kept);
  }

  @Property(tries = 100, seed = "5")
  void copyValues_leavesMomentsOfZero(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    LiveUnits living = SampleStates.living(seed, density);
    TrainingState from = SampleStates.random(seed + 1);
    TrainingState to = SampleStates.random(seed + 2);

    CODEC.copyValues(from, living, to);

    for (int i = 0; i < LAYOUT.entries().size(); i++) {
      StateLayout.Entry entry = LAYOUT.entries().get(i);
      for (int unit = 0; unit < entry.size(); unit++) {
        boolean lives = SampleStates.lives(entry, unit, living);
        assertThat(to.values(i, 0)[unit]).isEqualTo(lives ? from.values(i, 0)[unit] : 0);
      }
      for (int slot = 1; slot < entry.slots(); slot++) {
        assertThat(to.values(i, slot)).containsOnly(0);
      }
    }
  }

  private static String digest(StateAccess state) {
    return DIGEST.of(state, 1, "");
  }

  private static float[] packed(StateAccess state, LiveUnits living) {
    FloatBuffer packed = FloatBuffer.allocate(LAYOUT.packedFloats(living));
    CODEC.pack(state, living, packed);
    return packed.array();
  }
}
