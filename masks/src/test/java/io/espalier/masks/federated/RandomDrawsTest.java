package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.random.CounterRandom;
import org.junit.jupiter.api.Test;

class RandomDrawsTest {
  private static final int MANY = 200_000;

  @Test
  void gamma_ofAnyShape_hasItsMeanAndVariance() {
    for (double shape : new double[] {.1, .5, 1, 2.5, 30}) {
      RandomDraws draws = new RandomDraws(CounterRandom.of(1, 2));
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < MANY; i++) {
        double value = Math.exp(draws.logGamma(shape));
        sum += value;
        squares += value * value;
      }

      double mean = sum / MANY;
      assertThat(mean).isCloseTo(shape, within(.02 * Math.max(1, shape)));
      assertThat(squares / MANY - mean * mean).isCloseTo(shape, within(.05 * Math.max(1, shape)));
    }
  }

  @Test
  void gamma_ofATinyShape_keepsItsLogarithm() {
    RandomDraws draws = new RandomDraws(CounterRandom.of(1, 2));

    for (int i = 0; i < 1000; i++) {
      assertThat(draws.logGamma(1e-9)).isFinite();
    }
  }

  @Test
  void integers_areEvenlySpread() {
    RandomDraws draws = new RandomDraws(CounterRandom.of(1, 2));
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[draws.below(7)]++;
    }

    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
    assertThat(draws.below(1)).isZero();
  }
}
