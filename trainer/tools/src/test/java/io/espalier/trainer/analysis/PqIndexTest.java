package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PqIndexTest {
  private static final double EXACT = 1e-6;

  private static double halfOne(float... weights) {
    return new PqIndex(.5, 1).add(weights).value();
  }

  private static double oneTwo(float... weights) {
    return new PqIndex(1, 2).add(weights).value();
  }

  private static float[] numbers(String text) {
    String[] parts = text.split(" ", -1);
    float[] numbers = new float[parts.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(parts[i]);
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "1 1 1 1, 0, 0",
    "1 2 3 4, .055586, .087129",
    ".1 .2 .1 5, .491013, .460647",
    "1 .1 .1 .1 .1 5 3 .2 .3 .05, .44195, .469456"
  })
  void value_ofWorkedVectors_isTheWorkedNumber(String weights, double halfOne, double oneTwo) {
    assertThat(halfOne(numbers(weights))).isCloseTo(halfOne, within(EXACT));
    assertThat(oneTwo(numbers(weights))).isCloseTo(oneTwo, within(EXACT));
  }

  @Test
  void value_ofScaledTurnedAndRepeatedWeights_isTheSame() {
    float[] weights = {1, 2, 3, 4};
    double index = halfOne(weights);

    assertThat(halfOne(-40, 20, 10, -30)).isCloseTo(index, within(EXACT));
    assertThat(new PqIndex(.5, 1).add(weights).add(weights).value())
        .isCloseTo(index, within(EXACT));
  }

  @Test
  void value_withPrunedWeights_isThatOfTheOthers() {
    assertThat(halfOne(0, 1, 0, 2, -0f, 3, 4)).isEqualTo(halfOne(1, 2, 3, 4));
  }

  @Test
  void value_withoutWeights_isZero() {
    assertThat(halfOne()).isZero();
    assertThat(oneTwo(0, 0)).isZero();
  }

  @Test
  void value_ofOtherNorms_isBelowItsBound() {
    double index = new PqIndex(.3, 1.7).add(new float[] {1e-6f, 1e-6f, 1}).value();

    assertThat(index).isBetween(.5, 1 - Math.pow(3, 1 / 1.7 - 1 / .3));
  }

  @Test
  void index_ofNormsInTheWrongOrder_isRefused() {
    assertThatThrownBy(() -> new PqIndex(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 < p < q");
  }
}
