package io.espalier.masks.federated;

import static io.espalier.masks.Networks.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskAwareMeanTest {
  private static final float[] UNCHANGED = {7, 8, 9};

  @Test
  void units_ofBothOneOrNoClient_areMeanOwnOrUnchanged() {
    MaskAwareMean mean = new MaskAwareMean(3);
    mean.add(new float[] {2, 2, Float.NaN}, mask("110"), 1);
    mean.add(new float[] {6, Float.NaN, Float.NaN}, mask("100"), 3);

    assertThat(mean.merge(UNCHANGED)).containsExactly(5, 2, 9);
    assertThat(UNCHANGED).containsExactly(7, 8, 9);
  }

  @Test
  void client_withoutExamples_changesNothing() {
    MaskAwareMean mean = new MaskAwareMean(3);
    mean.add(new float[] {2, 2, 2}, mask("110"), 4);
    mean.add(new float[] {-5, -5, -5}, mask("111"), 0);

    assertThat(mean.merge(UNCHANGED)).containsExactly(2, 2, 9);
    assertThat(new MaskAwareMean(3).merge(UNCHANGED)).containsExactly(7, 8, 9);
  }

  @Test
  void mean_underEqualMasks_isThePlainWeightedMeanOverKeptUnits_bitForBit() {
    Mask kept = Networks.randomMask(1000, .3, 1);
    double[] weights = {17, 400, 3, 91.5};
    List<float[]> clients = clients(weights.length, 1000);
    float[] unchanged = new float[1000];

    MaskAwareMean mean = new MaskAwareMean(1000);
    for (int k = 0; k < weights.length; k++) {
      mean.add(clients.get(k), kept, weights[k]);
    }

    float[] merged = mean.merge(unchanged);
    for (int unit = 0; unit < 1000; unit++) {
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k] * clients.get(k)[unit];
      }
      float plain = kept.isKept(unit) ? (float) (sum / Arrays.stream(weights).sum()) : 0;
      assertThat(Float.floatToRawIntBits(merged[unit])).isEqualTo(Float.floatToRawIntBits(plain));
    }
  }

  @Test
  void mean_ofOneClient_isItsValues_bitForBit() {
    float[] values = clients(1, 5000).get(0);
    MaskAwareMean mean = new MaskAwareMean(5000);
    mean.add(values, Mask.allKept(5000), 31);

    assertThat(mean.merge(new float[5000])).containsExactly(values);
  }

  @Test
  void client_ofWeightZero_hasNoSay() {
    MaskAwareMean mean = new MaskAwareMean(2);

    mean.add(new float[] {2, 0}, mask("10"), 1);
    mean.add(new float[] {6, 4}, mask("11"), 3);
    mean.add(new float[] {90, 90}, mask("11"), 0);

    assertThat(mean.merge(new float[2])).containsExactly(5, 4);
  }

  @Test
  void client_thatDoesNotFit_isRefused() {
    MaskAwareMean mean = new MaskAwareMean(3);

    assertThatThrownBy(() -> mean.add(new float[2], mask("111"), 1))
        .hasMessage("there must be one value per unit: units=3, values=2");
    assertThatThrownBy(() -> mean.add(new float[3], mask("11"), 1))
        .hasMessageContaining("units=3, values=2");
    assertThatThrownBy(() -> mean.add(new float[3], mask("111"), -1))
        .hasMessage("a client's weight must be finite and 0 or more: weight=-1.0");
    assertThatThrownBy(() -> mean.add(new float[3], mask("111"), Double.NaN))
        .hasMessageContaining("weight=NaN");
    assertThatThrownBy(() -> mean.merge(new float[4])).hasMessageContaining("values=4");
  }

  private static List<float[]> clients(int count, int units) {
    Random random = new Random(1);
    List<float[]> clients = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      float[] values = new float[units];
      for (int unit = 0; unit < units; unit++) {
        values[unit] = (float) random.nextGaussian();
      }
      clients.add(values);
    }
    return clients;
  }
}
