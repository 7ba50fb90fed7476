package io.espalier.masks.annealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.prune.MaskConfig.Shape;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnealingStateTest {
  private static final List<ParameterShape> SHAPES = Networks.ofSizes(1000);
  private static final MaskSet DENSE = Networks.dense(SHAPES);
  private static final MaskSet TENTH = DENSE.next(List.of(Mask.of(1000, unit -> unit < 100)));

  @Test
  void draw_atHalfTemperature_isNearItsMean_andKeepsTheTarget() {
    AnnealingState state = pruned(new Temperature(Shape.CONSTANT, .5, 1000));

    for (int step = 0; step < 50; step++) {
      float[] drawn = draw(state, step, 1, 0);

      // Mean 550, standard deviation 15: five of them.
      assertThat(sum(drawn)).isBetween(475, 625);
      for (int unit = 0; unit < 100; unit++) {
        assertThat(drawn[unit]).isEqualTo(1);
      }
    }
  }

  @Test
  void unit_overManySteps_takesPartAsOftenAsItsTemperatureSays() {
    AnnealingState state = pruned(new Temperature(Shape.CONSTANT, .25, 10_000));
    int[] counts = new int[1000];
    for (int step = 0; step < 2000; step++) {
      float[] drawn = draw(state, step, 1, 0);
      for (int unit = 0; unit < 1000; unit++) {
        counts[unit] += (int) drawn[unit];
      }
    }

    // Mean 500, standard deviation 19.4; 900 units, so six of them.
    for (int unit = 100; unit < 1000; unit++) {
      assertThat(counts[unit]).isBetween(384, 616);
    }
  }

  @Test
  void draw_atTheSamePlace_isTheSame_andDiffersElsewhere() {
    AnnealingState state = pruned(new Temperature(Shape.LINEAR, .5, 100));

    assertThat(draw(state, 7, 1, 0)).isEqualTo(draw(state, 7, 1, 0));
    assertThat(draw(state, 7, 1, 0))
        .isNotEqualTo(draw(state, 8, 1, 0))
        .isNotEqualTo(draw(state, 7, 2, 0))
        .isNotEqualTo(draw(state, 7, 1, 1));
  }

  @Test
  void draw_atTemperatureOneAndZero_isDenseThenTheTarget() {
    AnnealingState state = pruned(new Temperature(Shape.CONSTANT, 1, 10));

    assertThat(sum(draw(state, 9, 1, 0))).isEqualTo(1000);
    float[] target = new float[1000];
    TENTH.masks().get(0).copyTo(target);
    assertThat(draw(state, 10, 1, 0)).isEqualTo(target);
  }

  @Test
  void cohorts_ofTwoUpdates_dieEachAtItsOwnStep() {
    Temperature temperature = new Temperature(Shape.COSINE, .5, 10);
    MaskSet first = DENSE.next(List.of(Mask.of(1000, unit -> unit < 600)));
    MaskSet second = first.next(List.of(Mask.of(1000, unit -> unit < 500)));
    AnnealingState state =
        AnnealingState.none(temperature).add(DENSE, first, 4).add(first, second, 8);
    Mask kept = second.masks().get(0);

    assertThat(state.cohorts()).extracting(Cohort::step).containsExactly(4L, 8L);
    assertThat(state.cohorts())
        .extracting(Cohort::version)
        .containsExactly(new MaskVersion(1), new MaskVersion(2));
    assertThat(state.living(0, kept, 13)).isEqualTo(Mask.of(1000, unit -> unit >= 500));
    assertThat(state.living(0, kept, 14))
        .isEqualTo(Mask.of(1000, unit -> unit >= 500 && unit < 600));
    assertThat(state.living(0, kept, 18)).isEqualTo(Mask.noneKept(1000));
    assertThat(state.aliveAt(14).cohorts()).extracting(Cohort::step).containsExactly(8L);
    assertThat(state.aliveAt(17).cohorts()).isNotEmpty();
    assertThat(state.aliveAt(18).cohorts()).isEmpty();
  }

  @Test
  void state_fromStoredCohorts_drawsTheSame() {
    AnnealingState state = pruned(new Temperature(Shape.LINEAR, .5, 100));

    AnnealingState restored = AnnealingState.of(state.temperature(), state.cohorts());

    assertThat(draw(restored, 40, 1, 0)).isEqualTo(draw(state, 40, 1, 0));
  }

  @Test
  void update_thatPrunesNothing_addsNoCohort() {
    AnnealingState state =
        AnnealingState.none(new Temperature(Shape.LINEAR, .5, 10))
            .add(DENSE, DENSE.next(DENSE.masks()), 0);

    assertThat(state.cohorts()).isEmpty();
    assertThat(state.aliveAt(0).cohorts()).isEmpty();
    assertThatThrownBy(() -> new Cohort(MaskVersion.DENSE, -1, List.of()))
        .hasMessageContaining("step=-1");
  }

  private static AnnealingState pruned(Temperature temperature) {
    return AnnealingState.none(temperature).add(DENSE, TENTH, 0);
  }

  private static float[] draw(AnnealingState state, long step, long seed, int trainer) {
    float[] drawn = new float[1000];
    TENTH.masks().get(0).copyTo(drawn);
    state.draw(0, step, seed, trainer, FloatBuffer.wrap(drawn));
    return drawn;
  }

  private static int sum(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return (int) sum;
  }
}
