package io.espalier.trainer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.SampleStates;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AveragerTest {
  private static final Averager AVERAGER = new Averager();
  private static final LiveUnits LIVING = SampleStates.living(9, 0.5);

  @Test
  void average_ofThree_isTheMeanInDoubleAndVariancesMerge() {
    List<TrainingState> states =
        List.of(SampleStates.random(1), SampleStates.random(2), SampleStates.random(3));
    TrainingState average = new TrainingState(SampleStates.LAYOUT);

    FloatBuffer packed =
        AVERAGER.average(
            SampleStates.LAYOUT,
            states.stream().map(state -> SampleStates.packed(state, LIVING)).toList(),
            LIVING);
    new StateCodec(SampleStates.LAYOUT).unpack(packed, LIVING, average);

    for (int i = 0; i < SampleStates.LAYOUT.entries().size(); i++) {
      StateLayout.Entry entry = SampleStates.LAYOUT.entries().get(i);
      for (int slot = 0; slot < entry.slots(); slot++) {
        for (int unit = 0; unit < entry.size(); unit++) {
          float expected =
              !SampleStates.lives(entry, unit, LIVING)
                  ? 0
                  : entry.role() == Role.RUNNING_VARIANCE
                      ? (float) mergedVariance(states, i, unit)
                      : (float) mean(states, i, slot, unit);
          assertThat(average.values(i, slot)[unit]).isEqualTo(expected);
        }
      }
    }
  }

  /** Two batches pooled: the variance is that of both, not the mean of their variances. */
  @Test
  void average_ofDifferentMeans_addsTheirSpreadToTheVariance() {
    TrainingState low = new TrainingState(SampleStates.LAYOUT);
    TrainingState high = new TrainingState(SampleStates.LAYOUT);
    low.array(2, 0).put(0, 1f);
    low.array(3, 0).put(0, 0.5f);
    high.array(2, 0).put(0, 5f);
    high.array(3, 0).put(0, 1.5f);
    TrainingState average = new TrainingState(SampleStates.LAYOUT);

    FloatBuffer packed =
        AVERAGER.average(
            SampleStates.LAYOUT,
            List.of(SampleStates.packed(low, LIVING), SampleStates.packed(high, LIVING)),
            LIVING);
    new StateCodec(SampleStates.LAYOUT).unpack(packed, LIVING, average);

    assertThat(average.values(2, 0)[0]).isEqualTo(3f);
    assertThat(average.values(3, 0)[0]).isCloseTo(1f + 4f, within(1e-6f));
  }

  @Test
  void average_ofIdenticalStates_keepsTheirBits() {
    FloatBuffer packed = SampleStates.packed(SampleStates.random(4), LIVING);

    for (int trainers : new int[] {1, 2, 3, 5, 7, 64}) {
      FloatBuffer average =
          AVERAGER.average(SampleStates.LAYOUT, Collections.nCopies(trainers, packed), LIVING);

      assertThat(average).as("trainers " + trainers).isEqualTo(packed);
    }
  }

  @Test
  void average_ofStatePackedOtherwise_isRefused() {
    FloatBuffer other = SampleStates.packed(SampleStates.random(1), LiveUnits.all());

    assertThatThrownBy(() -> AVERAGER.average(SampleStates.LAYOUT, List.of(other), LIVING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a packed state must hold all living values")
        .hasMessageContaining("found=" + other.remaining());
  }

  private static double mean(List<TrainingState> states, int parameter, int slot, int unit) {
    double sum = 0;
    for (TrainingState state : states) {
      sum += state.values(parameter, slot)[unit];
    }
    return sum / states.size();
  }

  private static double mergedVariance(List<TrainingState> states, int parameter, int unit) {
    double mean = mean(states, parameter - 1, 0, unit);
    double squares = 0;
    for (TrainingState state : states) {
      double own = state.values(parameter - 1, 0)[unit];
      squares += state.values(parameter, 0)[unit] + own * own;
    }
    return squares / states.size() - mean * mean;
  }
}
