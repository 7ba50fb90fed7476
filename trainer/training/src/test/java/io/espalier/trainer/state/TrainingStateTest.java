package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state of few living units has the values of a plain array. */
class TrainingStateTest {
  private static final int UNITS = 9_100;
  private static final ParameterId ID = new ParameterId("weight");
  private static final StateLayout LAYOUT =
      StateLayout.of(
          List.of(
              new ParameterSpec(new ParameterShape(ID, List.of(70, 130)), Role.WEIGHT, 130, 70, 0)),
          List.of(ID),
          1);

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02, 0.4, 0.6, 1})
  void state_ofLivingUnits_hasTheValuesOfAnArray(double density) {
    // given
    SplittableRandom random = new SplittableRandom(11);
    Mask living = Mask.of(UNITS, unit -> random.nextDouble() < density);
    Mask other = Mask.of(UNITS, unit -> random.nextDouble() < 0.1);
    float[] expected = new float[UNITS];
    FloatBuffer packed = FloatBuffer.allocate(living.kept());
    for (int unit = 0; unit < UNITS; unit++) {
      if (living.isKept(unit)) {
        expected[unit] = unit % 50 == 0 ? -0f : (float) random.nextDouble(-1, 1);
        packed.put(expected[unit]);
      }
    }
    TrainingState state = new TrainingState(LAYOUT);

    // when
    state.scatter(0, 0, living, packed.flip());
    TrainingState retained = state.copy();
    retained.retain(0, 0, other);
    TrainingState written = state.copy();
    written.array(0, 0).put(UNITS - 1, 5f);

    // then
    assertThat(state.values(0, 0)).isEqualTo(expected);
    assertThat(state.values(0, 1)).containsOnly(0f);
    for (int from : new int[] {0, 1, 63, 4_095, 4_096, 4_097, 8_191, 8_200, UNITS - 1}) {
      FloatBuffer read = FloatBuffer.allocate(Math.min(900, UNITS - from));
      state.read(0, 0, from, read);
      for (int i = 0; i < read.limit(); i++) {
        assertThat(read.get(i)).as("unit %d", from + i).isEqualTo(expected[from + i]);
      }
    }
    FloatBuffer gathered = FloatBuffer.allocate(other.kept());
    state.gather(0, 0, other, gathered);
    gathered.flip();
    for (int unit = 0; unit < UNITS; unit++) {
      float kept = other.isKept(unit) ? expected[unit] : 0f;
      assertThat(retained.values(0, 0)[unit]).as("unit %d", unit).isEqualTo(kept);
      if (other.isKept(unit)) {
        assertThat(gathered.get()).as("unit %d", unit).isEqualTo(expected[unit]);
      }
    }
    assertThat(written.values(0, 0)[UNITS - 1]).isEqualTo(5f);
    assertThat(state.values(0, 0)).isEqualTo(expected);
  }

  @Test
  void copy_whenWritten_leavesTheOriginalAndOtherCopies() {
    // given
    float[] values = new float[UNITS];
    values[7] = 3;
    TrainingState state = TrainingState.of(LAYOUT, List.of(values));
    TrainingState written = state.copy();
    TrainingState read = state.copy();

    // when
    written.array(0, 0).put(7, 5f);
    written.array(0, 0).put(8, 6f);

    // then
    assertThat(written.values(0, 0)[7]).isEqualTo(5f);
    assertThat(written.values(0, 0)[8]).isEqualTo(6f);
    assertThat(state.values(0, 0)).isEqualTo(values);
    assertThat(read.values(0, 0)).isEqualTo(values);
  }
}
