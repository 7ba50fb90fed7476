package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateDigestTest {
  private static final StateDigest DIGEST = new StateDigest(SampleStates.LAYOUT);

  @Test
  void digest_ofEqualStates_isEqual() {
    assertThat(DIGEST.of(SampleStates.random(1), 5, "m"))
        .isEqualTo(DIGEST.of(SampleStates.random(1), 5, "m"))
        .hasSize(16);
  }

  @Test
  void digest_anyBitFlipped_differs() {
    TrainingState state = SampleStates.random(1);
    Set<String> digests = new HashSet<>(Set.of(DIGEST.of(state, 5, "m")));
    int flips = 0;
    for (int i = 0; i < SampleStates.LAYOUT.entries().size(); i++) {
      StateLayout.Entry entry = SampleStates.LAYOUT.entries().get(i);
      for (int slot = 0; slot < entry.slots(); slot++) {
        for (int bit = 0; bit < 32 * entry.size(); bit++) {
          flip(state.array(i, slot), bit);
          digests.add(DIGEST.of(state, 5, "m"));
          flip(state.array(i, slot), bit);
          flips++;
        }
      }
    }
    assertThat(flips).isEqualTo(32 * SampleStates.LAYOUT.packedFloats(LiveUnits.all()));
    assertThat(digests).hasSize(flips + 1);
  }

  @Test
  void digest_otherStepOrMasks_differs() {
    TrainingState state = SampleStates.random(1);
    String digest = DIGEST.of(state, 5, "m");

    assertThat(DIGEST.of(state, 6, "m")).isNotEqualTo(digest);
    assertThat(DIGEST.of(state, 5, "n")).isNotEqualTo(digest);
  }

  private static void flip(FloatBuffer values, int bit) {
    int raw = Float.floatToRawIntBits(values.get(bit / 32));
    values.put(bit / 32, Float.intBitsToFloat(raw ^ 1 << bit % 32));
  }
}
