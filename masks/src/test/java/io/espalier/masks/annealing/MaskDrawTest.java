package io.espalier.masks.annealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.masks.unit.UnitFamily;
import io.espalier.masks.unit.Units;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskDrawTest {
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
  void state_fromStoredCohorts_drawsTheSame() {
    Temperature temperature = new Temperature(Shape.LINEAR, .5, 100);
    AnnealingState state = pruned(temperature);

    AnnealingState restored = AnnealingState.none(temperature).with(state.groups());

    assertThat(draw(restored, 40, 1, 0)).isEqualTo(draw(state, 40, 1, 0));
  }

  @Test
  void draws_ofNeighboursAndSteps_areUncorrelated() {
    MaskDraw draw = of(pruned(new Temperature(Shape.CONSTANT, .5, 10_000)));
    int steps = 2000;
    double neighbours = 0;
    double following = 0;
    double apart = 0;
    float[] before = at(draw, 0, 1, 0);
    for (int step = 1; step <= steps; step++) {
      float[] drawn = at(draw, step, 1, 0);
      for (int unit = 100; unit < 400; unit++) {
        neighbours += (drawn[unit] - .5) * (drawn[unit + 1] - .5);
        following += (drawn[unit] - .5) * (before[unit] - .5);
        apart += (drawn[unit] - .5) * (drawn[unit + 512] - .5);
      }
      before = drawn;
    }

    // Each product has standard deviation 1/4; five standard deviations of the mean.
    double margin = 5 * .25 / Math.sqrt(300.0 * steps);
    assertThat(neighbours / (300.0 * steps)).isCloseTo(0, within(margin));
    assertThat(following / (300.0 * steps)).isCloseTo(0, within(margin));
    assertThat(apart / (300.0 * steps)).isCloseTo(0, within(margin));
  }

  @Test
  void cohorts_ofTwoUpdates_haveEachItsOwnTemperature() {
    MaskSet half = DENSE.next(List.of(Mask.of(1000, unit -> unit < 500)));
    MaskSet tenth = half.next(List.of(Mask.of(1000, unit -> unit < 100)));
    AnnealingState state =
        AnnealingState.none(new Temperature(Shape.LINEAR, 1, 100))
            .add(DENSE, half, 0)
            .add(half, tenth, 80);
    MaskDraw draw = state.draw(0, tenth.masks().get(0));

    double old = 0;
    double young = 0;
    for (int seed = 0; seed < 200; seed++) {
      float[] drawn = at(draw, 90, seed, 0);
      for (int unit = 0; unit < 1000; unit++) {
        old += unit >= 500 ? drawn[unit] : 0;
        young += unit >= 100 && unit < 500 ? drawn[unit] : 0;
      }
    }

    assertThat(old / (500 * 200)).isCloseTo(.1, within(5 * .3 / Math.sqrt(500 * 200)));
    assertThat(young / (400 * 200)).isCloseTo(.9, within(5 * .3 / Math.sqrt(400 * 200)));
  }

  /** Rows of 10 weights: the first 10 are kept, of the others 5 at a time on average. */
  @Test
  void weights_ofAUnit_takePartTogether() {
    List<ParameterShape> shapes = List.of(Networks.shape("a", 20, 10));
    MaskSet dense = Networks.dense(shapes);
    MaskSet half = dense.next(List.of(Mask.of(200, weight -> weight < 100)));
    Units rows =
        UnitFamily.of(
            new GranularityConfig.Units(MemberSettings.of("row").with("reduction", "sum")), shapes);
    MaskDraw draw =
        AnnealingState.none(new Temperature(Shape.CONSTANT, .5, 1000))
            .by(rows)
            .add(dense, half, 0)
            .draw(0, half.masks().get(0));

    int rowsDrawn = 0;
    for (int step = 0; step < 400; step++) {
      float[] drawn = at(draw, step, 1, 0);
      for (int weight = 0; weight < 200; weight++) {
        assertThat(drawn[weight]).isEqualTo(weight < 100 ? 1 : drawn[weight / 10 * 10]);
        rowsDrawn += weight >= 100 && weight % 10 == 0 ? (int) drawn[weight] : 0;
      }
    }

    // Mean 2000, standard deviation 31.6: five of them.
    assertThat(rowsDrawn).isBetween(1842, 2158);
  }

  private static AnnealingState pruned(Temperature temperature) {
    return AnnealingState.none(temperature).add(DENSE, TENTH, 0);
  }

  private static MaskDraw of(AnnealingState state) {
    return state.draw(0, TENTH.masks().get(0));
  }

  private static float[] draw(AnnealingState state, long step, long seed, int trainer) {
    return at(of(state), step, seed, trainer);
  }

  private static float[] at(MaskDraw draw, long step, long seed, int trainer) {
    IntBuffer bits = IntBuffer.allocate(1000);
    draw.draw(step, seed, trainer, bits);
    float[] drawn = new float[1000];
    for (int unit = 0; unit < 1000; unit++) {
      drawn[unit] = Float.intBitsToFloat(bits.get(unit));
    }
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
