package io.espalier.masks.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
  @Test
  void numbers_atTheSamePlace_areEqual_inAnyOrder() {
    CounterRandom random = CounterRandom.of(1, 2, 3);
    long later = random.bits(9);

    assertThat(CounterRandom.of(1, 2, 3).bits(5)).isEqualTo(random.bits(5));
    assertThat(random.bits(9)).isEqualTo(later);
  }

  @Test
  void numbers_atOtherPlaces_differ() {
    long bits = CounterRandom.of(1, 2, 3).bits(0);

    assertThat(bits)
        .isNotEqualTo(CounterRandom.of(2, 2, 3).bits(0))
        .isNotEqualTo(CounterRandom.of(1, 3, 2).bits(0))
        .isNotEqualTo(CounterRandom.of(1, 2, 4).bits(0))
        .isNotEqualTo(CounterRandom.of(1, 2).bits(0))
        .isNotEqualTo(CounterRandom.of(1, 2, 3, 0).bits(0))
        .isNotEqualTo(CounterRandom.of(1, 2, 3).bits(1));
  }

  @Test
  void firstNumbers_ofAKnownPlace_stayWhatTheyAre() {
    CounterRandom random = CounterRandom.of(42, 0, 1, 2);

    assertThat(new long[] {random.bits(0), random.bits(1)})
        .containsExactly(6285317902876349336L, -8460913701857166083L);
  }

  @Test
  void uniform_overManyPlaces_hasMeanVarianceAndNoSerialCorrelation() {
    int count = 200_000;
    double sum = 0;
    double squares = 0;
    double products = 0;
    for (int step = 0; step < count; step++) {
      double value = CounterRandom.of(7, 0, 0, step).uniform(0) - .5;
      double next = CounterRandom.of(7, 0, 0, step + 1).uniform(0) - .5;
      sum += value;
      squares += value * value;
      products += value * next;
    }

    // Five standard deviations of each mean.
    assertThat(sum / count).isCloseTo(0, within(5 * Math.sqrt(1 / 12.0 / count)));
    assertThat(squares / count).isCloseTo(1 / 12.0, within(5 * Math.sqrt(1 / 180.0 / count)));
    assertThat(products / count).isCloseTo(0, within(5 / 12.0 / Math.sqrt(count)));
  }

  @Test
  void normal_overManyIndices_hasTheMomentsOfTheDistribution() {
    CounterRandom random = CounterRandom.of(11);
    int count = 100_000;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (int index = 0; index < count; index++) {
      double value = random.normal(index);
      sum += value;
      squares += value * value;
      fourths += value * value * value * value;
    }

    // Five standard deviations of each mean.
    assertThat(sum / count).isCloseTo(0, within(5 / Math.sqrt(count)));
    assertThat(squares / count).isCloseTo(1, within(5 * Math.sqrt(2.0 / count)));
    assertThat(fourths / count).isCloseTo(3, within(5 * Math.sqrt(96.0 / count)));
    assertThat(random.normal(7)).isEqualTo(random.normal(7));
  }

  @Test
  void uniform_overBuckets_isFlat() {
    CounterRandom random = CounterRandom.of(3);
    int[] counts = new int[256];
    for (int i = 0; i < 256_000; i++) {
      assertThat(random.uniformFloat(i)).isBetween(0f, Math.nextDown(1f));
      counts[(int) (random.uniform(i) * 256)]++;
    }

    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - 1000.0) * (count - 1000.0) / 1000;
    }

    assertThat(chiSquare).isBetween(255 - 5 * Math.sqrt(510), 255 + 5 * Math.sqrt(510));
  }
}
