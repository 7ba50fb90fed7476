package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntropyTest {
  @ParameterizedTest
  @CsvSource({"1,2", "3,10", "20,40", "31,63", "32,64", "100,200", "5,1000", "995,1000"})
  void bits_areTheLogarithmOfTheBinomialCoefficient(int chosen, int all) {
    BigInteger ways = BigInteger.ONE;
    for (int i = 1; i <= chosen; i++) {
      ways = ways.multiply(BigInteger.valueOf(all - chosen + i)).divide(BigInteger.valueOf(i));
    }
    int shift = Math.max(0, ways.bitLength() - 60);
    double expected = shift + Math.log(ways.shiftRight(shift).doubleValue()) / Math.log(2);

    assertThat(Entropy.bits(chosen, all)).isCloseTo(expected, within(1e-8));
  }

  @Test
  void bits_ofNoneOrAll_areNone() {
    assertThat(Entropy.bits(0, 5000)).isZero();
    assertThat(Entropy.bits(5000, 5000)).isZero();
    assertThat(Entropy.bits(0, 0)).isZero();
  }

  @Test
  void bits_ofMany_areNearTheBinaryEntropy() {
    // 1,000,000 · H(1/2), less half the logarithm of π/2 · 1,000,000.
    assertThat(Entropy.bits(500_000, 1_000_000)).isCloseTo(1_000_000 - 10.291, within(0.01));
  }
}
