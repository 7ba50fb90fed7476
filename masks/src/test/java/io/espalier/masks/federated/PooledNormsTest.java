package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PooledNormsTest {
  @Test
  void statistics_ofTwoClients_areThoseOfTheirDataTogether() {
    PooledNorms pooled = new PooledNorms(1);
    pooled.add(new float[] {1}, new float[] {2}, Mask.allKept(1), 1);
    pooled.add(new float[] {5}, new float[] {0}, Mask.allKept(1), 3);

    assertThat(pooled.mean(new float[1])).containsExactly(4);
    assertThat(pooled.variance(new float[1])).containsExactly((2 + 1 + 3 * 25) / 4f - 16);
  }

  @Test
  void statistics_ofOneClient_areItsOwn_bitForBit() {
    PooledNorms pooled = new PooledNorms(3);
    pooled.add(new float[] {1e4f, -.1f, 0}, new float[] {1e-7f, .3f, 0}, Mask.allKept(3), 37);
    pooled.add(new float[] {5, 5, 5}, new float[] {5, 5, 5}, Mask.allKept(3), 0);

    assertThat(pooled.mean(new float[3])).containsExactly(1e4f, -.1f, 0);
    assertThat(pooled.variance(new float[3])).containsExactly(1e-7f, .3f, 0);
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
      pooled.add(new float[] {mean}, new float[] {variance}, Mask.allKept(1), weight);
      total += weight;
      means += weight * mean;
      squares += weight * (variance + (double) mean * mean);
    }

    double mean = means / total;
    assertThat(pooled.mean(new float[1])[0]).isCloseTo((float) mean, within(1e-6f));
    assertThat(pooled.variance(new float[1])[0])
        .isCloseTo((float) (squares / total - mean * mean), within(1e-6f));
  }

  @Test
  void variance_ofEqualLargeMeans_isNeverNegative() {
    PooledNorms pooled = new PooledNorms(1);
    for (int k = 1; k <= 100; k++) {
      pooled.add(new float[] {16_777_213f}, new float[] {0}, Mask.allKept(1), k / 7.0);
    }

    assertThat(pooled.mean(new float[1])).containsExactly(16_777_213f);
    assertThat(pooled.variance(new float[1])[0]).isBetween(0f, 1e-6f);
  }

  @Test
  void statistics_ofAChannel_areThoseOfTheClientsThatHoldIt() {
    PooledNorms pooled = new PooledNorms(3);
    pooled.add(new float[] {1, 7, 0}, new float[] {2, 4, 0}, Networks.mask("110"), 1);
    pooled.add(new float[] {5, Float.NaN, 0}, new float[] {0, -1, 0}, Networks.mask("100"), 3);

    assertThat(pooled.mean(new float[] {8, 8, 8})).containsExactly(4, 7, 8);
    assertThat(pooled.variance(new float[] {9, 9, 9}))
        .containsExactly((2 + 1 + 3 * 25) / 4f - 16, 4, 9);
  }

  @Test
  void statistics_thatAreNone_areRefused() {
    PooledNorms pooled = new PooledNorms(2);

    Mask both = Mask.allKept(2);

    assertThatThrownBy(() -> pooled.mean(new float[1])).hasMessageContaining("units=2, values=1");
    assertThatThrownBy(() -> pooled.add(new float[1], new float[2], both, 1))
        .hasMessageContaining("units=2, values=1");
    assertThatThrownBy(() -> pooled.add(new float[2], new float[] {0, -1}, both, 1))
        .hasMessage(
            "means must be finite, and variances also 0 or more: channel=1, mean=0.0,"
                + " variance=-1.0");
    assertThatThrownBy(() -> pooled.add(new float[] {Float.NaN, 0}, new float[2], both, 1))
        .hasMessageContaining("channel=0, mean=NaN");
    assertThatThrownBy(
            () -> pooled.add(new float[2], new float[] {Float.POSITIVE_INFINITY, 0}, both, 1))
        .hasMessageContaining("variance=Infinity");
  }
}
