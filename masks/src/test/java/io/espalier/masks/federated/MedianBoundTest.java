package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MedianBoundTest {
  @Test
  void bound_isAMultipleOfTheLowerMedian() {
    MedianBound bound = new MedianBound(3);

    assertThat(bound.of(new double[] {5, 1, 2})).isEqualTo(6);
    assertThat(bound.of(new double[] {100, 2, 3, 1})).isEqualTo(6);
    assertThat(bound.of(new double[] {100_000, 50})).isEqualTo(150);
    assertThat(bound.of(new double[] {7})).isEqualTo(21);
  }

  @Test
  void bound_leavesOutZeros_andIsInfiniteWithoutAnyOther() {
    assertThat(new MedianBound(2).of(new double[] {0, 0, 0, 4})).isEqualTo(8);
    assertThat(new MedianBound(2).of(new double[] {0, 0})).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(new MedianBound(2).of(new double[0])).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void bound_withUpToHalfFalse_isNoMoreThanTheFactorOfTheLargestTrueOne() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 1000; trial++) {
      int clients = random.nextInt(2, 12);
      int lying = random.nextInt(0, clients / 2 + 1);
      double[] values = new double[clients];
      double largest = 0;
      for (int k = 0; k < clients; k++) {
        values[k] = k < lying ? 1e30 * random.nextDouble() : 1 + random.nextDouble();
        largest = k < lying ? largest : Math.max(largest, values[k]);
      }

      assertThat(new MedianBound(1.5).of(values))
          .as(Arrays.toString(values))
          .isLessThanOrEqualTo(1.5 * largest);
    }
  }

  @Test
  void factor_below1_isRefused() {
    for (double factor : new double[] {.9, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new MedianBound(factor)).hasMessageContaining("factor=" + factor);
    }
  }
}
