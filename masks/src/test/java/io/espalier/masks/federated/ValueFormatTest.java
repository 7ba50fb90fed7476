package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.federated.ValueFormat.DamagedUpdateException;
import io.espalier.masks.federated.ValueFormat.DamagedUpdateException.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ValueFormatTest {
  @Test
  void bytes_ofKnownValues_stayWhatTheyAre() {
    float[] values = {1, -2, .5f};

    assertThat(hex(ValueFormat.FP32, values)).isEqualTo("0000803f000000c00000003f");
    assertThat(hex(ValueFormat.FP16, values)).isEqualTo("003c00c00038");
    assertThat(hex(ValueFormat.INT8, new float[] {127, -127, 2.5f, 3.5f, -.4f}))
        .isEqualTo("0000803f" + "7f81020400");
  }

  @Test
  void length_ofAnyNumberOfValues_isExact() {
    int[] counts = {0, 1, 255, 256, 257, 1000};
    long[] scaled = {0, 5, 259, 260, 265, 1016};
    for (int i = 0; i < counts.length; i++) {
      assertThat(ValueFormat.FP32.length(counts[i])).isEqualTo(4L * counts[i]);
      assertThat(ValueFormat.FP16.length(counts[i])).isEqualTo(2L * counts[i]);
      assertThat(ValueFormat.INT8.length(counts[i])).isEqualTo(scaled[i]);
      for (ValueFormat format : ValueFormat.values()) {
        assertThat(encoded(format, new float[counts[i]]).remaining())
            .isEqualTo((int) format.length(counts[i]));
      }
    }
    assertThat(ValueFormat.FP32.length(Integer.MAX_VALUE)).isEqualTo(8_589_934_588L);
    assertThat(ValueFormat.INT8.length(Integer.MAX_VALUE)).isEqualTo(2_181_038_079L);
  }

  @Property(tries = 300, seed = "1")
  void values_ofAnyScale_comeBackWithinTheErrorOfTheirFormat(
      @ForAll @IntRange(max = 700) int count,
      @ForAll @IntRange(min = -46, max = 38) int exponent,
      @ForAll long seed) {
    float[] values = values(count, exponent, seed);

    float[] exact = roundTrip(ValueFormat.FP32, values);
    float[] halves = roundTrip(ValueFormat.FP16, values);
    float[] scaled = roundTrip(ValueFormat.INT8, values);

    assertThat(exact).containsExactly(values);
    for (int i = 0; i < count; i++) {
      double value = Math.max(-65504, Math.min(65504, values[i]));
      assertThat(Math.abs(halves[i] - value))
          .isLessThanOrEqualTo(Math.max(0x1p-25, Math.abs(value) * 0x1p-11));
      double half = scale(values, i) / 2;
      assertThat(Math.abs((double) scaled[i] - values[i]))
          .isLessThanOrEqualTo(half + Math.abs(values[i]) * 0x1p-24);
    }
  }

  @Test
  void values_ofTheLargestAndSmallestFloats_stayFinite() {
    float[] values = {Float.MAX_VALUE, -Float.MAX_VALUE, 1};
    float[] small = {60 * Float.MIN_VALUE, -Float.MIN_VALUE, 0};

    assertThat(roundTrip(ValueFormat.FP16, values)).containsExactly(65504, -65504, 1);
    float[] scaled = roundTrip(ValueFormat.INT8, values);
    assertThat(scaled[0]).isBetween(Float.MAX_VALUE * .99999f, Float.MAX_VALUE);
    assertThat(scaled[1]).isEqualTo(-scaled[0]);
    assertThat(roundTrip(ValueFormat.INT8, small)).containsExactly(small);
  }

  @Test
  void encode_intoALargerBuffer_writesAtItsPosition_inAnyOrder() {
    ByteBuffer target = ByteBuffer.allocate(20).order(ByteOrder.BIG_ENDIAN).position(3);

    ValueFormat.FP32.encode(new float[] {1}, target);

    assertThat(target.position()).isEqualTo(7);
    assertThat(target.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(target.get(6)).isEqualTo((byte) 0x3f);
    ByteBuffer source = target.slice(3, 4);
    assertThat(ValueFormat.FP32.decode(source, 1)).containsExactly(1);
    assertThat(source.position()).isZero();
  }

  @Test
  void decode_ofAnotherLength_isRefused() {
    for (ValueFormat format : ValueFormat.values()) {
      ByteBuffer bytes = encoded(format, new float[300]);
      assertFault(Fault.LENGTH, () -> format.decode(bytes, 301));
      assertFault(Fault.LENGTH, () -> format.decode(bytes, 299));
      assertFault(Fault.LENGTH, () -> format.decode(bytes.slice(0, bytes.limit() - 1), 300));
    }
    assertThatThrownBy(() -> ValueFormat.INT8.decode(ByteBuffer.allocate(2), 1))
        .hasMessage(
            "values must take the bytes of their format: format=INT8, values=1, bytes=2,"
                + " expected=5");
  }

  @Test
  void decode_ofWhatIsNotFinite_isRefused() {
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.FP32, "0000c07f", 1));
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.FP32, "000080ff", 1));
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.FP16, "007c", 1));
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.FP16, "01fe", 1));
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.INT8, "0000c07f00", 1));
    assertFault(Fault.NOT_FINITE, () -> decode(ValueFormat.INT8, "0000807f00", 1));
  }

  @Test
  void decode_ofScalesAndBytesThatNobodyWrites_isRefused() {
    assertFault(Fault.MALFORMED, () -> decode(ValueFormat.INT8, "000080bf01", 1));
    assertFault(Fault.MALFORMED, () -> decode(ValueFormat.INT8, "ffff7f7f01", 1));
    assertFault(Fault.MALFORMED, () -> decode(ValueFormat.INT8, "0000803f80", 1));
  }

  @Test
  void encode_ofWhatIsNotFinite_isRefused() {
    for (ValueFormat format : ValueFormat.values()) {
      assertThatThrownBy(() -> encoded(format, new float[] {0, Float.NaN}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("values to send must be finite: place=1, value=NaN");
    }
  }

  private static double scale(float[] values, int place) {
    int start = place / 256 * 256;
    float largest = 0;
    for (int i = start; i < Math.min(values.length, start + 256); i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return Math.max(Float.MIN_VALUE, Math.nextUp(largest / 127));
  }

  private static float[] values(int count, int exponent, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, exponent) / 10);
    }
    return values;
  }

  private static float[] roundTrip(ValueFormat format, float[] values) {
    return format.decode(encoded(format, values), values.length);
  }

  private static ByteBuffer encoded(ValueFormat format, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate((int) format.length(values.length));
    format.encode(values, bytes);
    return bytes.flip();
  }

  private static String hex(ValueFormat format, float[] values) {
    return HexFormat.of().formatHex(encoded(format, values).array());
  }

  private static float[] decode(ValueFormat format, String hex, int count) {
    return format.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), count);
  }

  private static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DamagedUpdateException.class, each -> assertThat(each.fault()).isEqualTo(fault));
  }
}
