package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NormalizationTest {
  private static final int ROWS = 5_000;
  private static final int FEATURES = 24;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 24})
  void of_bytes_hasTheBitsOfTheSameNumbers(int groups) {
    // given
    SplittableRandom random = new SplittableRandom(4);
    byte[] bytes = new byte[ROWS * FEATURES];
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
      floats[i] = bytes[i] & 0xff;
    }

    // when
    Normalization ofBytes = Normalization.of(Examples.ofBytes(bytes, new int[ROWS]), groups);

    // then
    assertThat(ofBytes)
        .isEqualTo(Normalization.of(Examples.ofFloats(floats, new int[ROWS]), groups));
  }

  @Test
  void of_equalBytes_hasDeviationOne() {
    // given
    byte[] bytes = {7, (byte) 200, 7, (byte) 202};

    // when
    Normalization normalization = Normalization.of(Examples.ofBytes(bytes, new int[2]), 2);

    // then
    assertThat(normalization.mean()).isEqualTo(List.of(7.0, 201.0));
    assertThat(normalization.standardDeviation()).isEqualTo(List.of(1.0, 1.0));
  }
}
