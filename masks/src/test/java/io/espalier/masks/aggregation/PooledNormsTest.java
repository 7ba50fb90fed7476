package io.espalier.masks.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PooledNormsTest {
  @Test
  void statistics_ofTwoClients_areThoseOfTheirDataTogether() {
    PooledNorms pooled = new PooledNorms(1);
    pooled.add(new float[] {1}, new float[] {2}, 1);
    pooled.add(new float[] {5}, new float[] {0}, 3);

    assertThat(pooled.mean()).containsExactly(4);
    assertThat(pooled.variance()).containsExactly((2 + 1 + 3 * 25) / 4f - 16);
  }

  @Test
  void statistics_ofOneClient_areItsOwn_bitForBit() {
    PooledNorms pooled = new PooledNorms(3);
    pooled.add(new float[] {1e4f, -.1f, 0}, new float[] {1e-7f, .3f, 0}, 37);
    pooled.add(new float[] {5, 5, 5}, new float[] {5, 5, 5}, 0);

    assertThat(pooled.mean()).containsExactly(1e4f, -.1f, 0);
    assertThat(pooled.variance()).containsExactly(1e-7f, .3f, 0);
  }

  @Test
  void statistics_ofManyClients_followTheFormula() {
    Random random = new Random(1);
    PooledNorms pooled = new PooledNorms(1);
    double total = 0;
    double means = 0;
    double squares = 0;
    for (int k = 0; k < 40; k++) {
      float mean = (float) random.nextGaussian();
      float variance = random.nextFloat();
      double weight = 1 + random.nextInt(500);
      pooled.add(new float[] {mean}, new float[] {variance}, weight);
      total += weight;
      means += weight * mean;
      squares += weight * (variance + (double) mean * mean);
    }

    double mean = means / total;
    assertThat(pooled.mean()[0]).isCloseTo((float) mean, within(1e-6f));
    assertThat(pooled.variance()[0])
        .isCloseTo((float) (squares / total - mean * mean), within(1e-6f));
  }

  @Test
  void variance_ofEqualLargeMeans_isNeverNegative() {
    PooledNorms pooled = new PooledNorms(1);
    for (int k = 1; k <= 100; k++) {
      pooled.add(new float[] {16_777_213f}, new float[] {0}, k / 7.0);
    }

    assertThat(pooled.mean()).containsExactly(16_777_213f);
    assertThat(pooled.variance()[0]).isBetween(0f, 1e-6f);
  }

  @Test
  void statistics_thatAreNone_areRefused() {
    PooledNorms pooled = new PooledNorms(2);

    assertThatThrownBy(pooled::mean).hasMessageContaining("a client of weight above 0");
    assertThatThrownBy(() -> pooled.add(new float[1], new float[2], 1))
        .hasMessageContaining("units=2, values=1");
    assertThatThrownBy(() -> pooled.add(new float[2], new float[] {0, -1}, 1))
        .hasMessage(
            "means must be finite, and variances also 0 or more: channel=1, mean=0.0,"
                + " variance=-1.0");
    assertThatThrownBy(() -> pooled.add(new float[] {Float.NaN, 0}, new float[2], 1))
        .hasMessageContaining("channel=0, mean=NaN");
    assertThatThrownBy(() -> pooled.add(new float[2], new float[] {Float.POSITIVE_INFINITY, 0}, 1))
        .hasMessageContaining("variance=Infinity");
  }
}
