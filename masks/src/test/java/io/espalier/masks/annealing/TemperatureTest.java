package io.espalier.masks.annealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.annealing.Temperature.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemperatureTest {
  @Test
  void linear_overTenSteps_followsTheWorkedNumbers() {
    assertCourse(Shape.LINEAR, .5, .45, .4, .35, .3, .25, .2, .15, .1, .05, 0);
  }

  @Test
  void cosine_overTenSteps_followsTheWorkedNumbers() {
    assertCourse(Shape.COSINE, .5, .4878, .4523, .3969, .3273, .25, .1727, .1031, .0477, .0122, 0);
  }

  @Test
  void exponential_halfWay_isTheGeometricMeanOfItsEnds() {
    Temperature temperature = new Temperature(Shape.EXPONENTIAL, .5, 10);

    assertThat(temperature.at(5)).isCloseTo(.070711, within(1e-6));
    assertThat(temperature.at(0)).isEqualTo(.5);
    assertThat(new Temperature(Shape.EXPONENTIAL, .005, 10).at(9)).isEqualTo(.005);
  }

  @Test
  void constant_stays_thenDrops() {
    assertCourse(Shape.CONSTANT, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, 0);
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void temperature_ofEveryShape_neverRises_andEndsAtExactlyZero(Shape shape) {
    Temperature temperature = new Temperature(shape, 1, 777);
    for (int step = 0; step < 777; step++) {
      assertThat(temperature.at(step))
          .isPositive()
          .isGreaterThanOrEqualTo(temperature.at(step + 1));
    }
    assertThat(temperature.at(777)).isZero();
    assertThat(temperature.at(Long.MAX_VALUE)).isZero();
    assertThat(new Temperature(shape, 0, 777).at(0)).isZero();
    assertThat(new Temperature(shape, 1, 0).at(0)).isZero();
  }

  @Test
  void temperature_outsideItsRange_isRefused() {
    assertThatThrownBy(() -> new Temperature(Shape.LINEAR, 1.1, 5))
        .hasMessageContaining("initial=1.1");
    assertThatThrownBy(() -> new Temperature(Shape.LINEAR, 1, 5).at(-1))
        .hasMessageContaining("stepsSincePruned=-1");
  }

  private static void assertCourse(Shape shape, double... worked) {
    Temperature temperature = new Temperature(shape, .5, 10);
    for (int step = 0; step < worked.length; step++) {
      assertThat(temperature.at(step)).isCloseTo(worked[step], within(5e-5));
    }
  }
}
