package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Test
  void toFloat_ofEveryHalf_isItsExactValue() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfPrecision.toFloat((short) bits);

      assertThat(Double.valueOf(value)).as("0x%04x", bits).isEqualTo(Double.valueOf(half(bits)));
      assertThat(Math.copySign(1, value)).as("0x%04x", bits).isEqualTo(bits < 0x8000 ? 1 : -1);
    }
  }

  @Test
  void ofFloat_ofEveryHalf_isThatHalf() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short back = HalfPrecision.ofFloat(HalfPrecision.toFloat((short) bits));

      if (Double.isNaN(half(bits))) {
        assertThat(HalfPrecision.toFloat(back)).as("0x%04x", bits).isNaN();
      } else {
        assertThat(back).as("0x%04x", bits).isEqualTo((short) bits);
      }
    }
  }

  /** 65536 stands for infinity, as if the exponent went on. */
  @Test
  void ofFloat_betweenTwoHalves_isTheNearest_andTheEvenOneAtTheMiddle() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      double next = bits == 0x7bff ? 65536 : half(bits + 1);
      float middle = (float) ((half(bits) + next) / 2);
      short even = (short) (bits + (bits & 1));

      assertThat(HalfPrecision.ofFloat(middle)).as("0x%04x", bits).isEqualTo(even);
      assertThat(HalfPrecision.ofFloat(-middle)).isEqualTo((short) (even | 0x8000));
      assertThat(HalfPrecision.ofFloat(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(HalfPrecision.ofFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
    }
  }

  @Test
  void ofFloat_outOfRange_isInfiniteOrZero() {
    assertThat(HalfPrecision.ofFloat(65520)).isEqualTo((short) 0x7c00);
    assertThat(HalfPrecision.ofFloat(-Float.MAX_VALUE)).isEqualTo((short) 0xfc00);
    assertThat(HalfPrecision.ofFloat(Float.POSITIVE_INFINITY)).isEqualTo((short) 0x7c00);
    assertThat(HalfPrecision.ofFloat(Float.MIN_VALUE)).isZero();
    assertThat(HalfPrecision.ofFloat(-Float.MIN_VALUE)).isEqualTo((short) 0x8000);
    assertThat(HalfPrecision.ofFloat(Float.intBitsToFloat(0x7f80_0001))).isEqualTo((short) 0x7e00);
  }

  /** IEEE 754 in the words of the standard, in double. */
  private static double half(int bits) {
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? fraction / 1024.0 * Math.pow(2, -14)
                : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
    return bits < 0x8000 ? magnitude : -magnitude;
  }
}
