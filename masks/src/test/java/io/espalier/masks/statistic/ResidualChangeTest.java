package io.espalier.masks.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.statistic.ResidualChange.Distance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResidualChangeTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 3, .5, 1",
    "1, 2, 2, 4, 0, 0",
    "1, 0, -2, 0, 1, 2",
    "1, 0, 1, 1, .25, .292893",
    "0, 0, 0, 0, 0, 0",
    "0, 0, 1, 0, .5, 1"
  })
  void distance_ofTwoVectors_isTheAngleOrTheCosine(
      float a0, float a1, float b0, float b1, double angle, double cosine) {
    float[] a = {9, a0, 9, a1};
    float[] b = {7, b0, 7, b1};

    assertThat(Distance.ANGLE.of(a, b, 1, 2, 2)).isCloseTo(angle, within(1e-6));
    assertThat(Distance.COSINE.of(a, b, 1, 2, 2)).isCloseTo(cosine, within(1e-6));
  }
}
