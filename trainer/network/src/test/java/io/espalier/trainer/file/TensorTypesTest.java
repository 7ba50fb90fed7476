package io.espalier.trainer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of the format: its width, its zeros, and what can be read as floats. */
final class TensorTypesTest {
  @ParameterizedTest
  @CsvSource({
    "F64, 2, 0000000000000080 000000000000f03f, 1",
    "F32, 2, 00000080 0000803f, 1",
    "F16, 3, 0000 0080 003c, 2",
    "BF16, 3, 0000 0080 803f, 2",
    "C64, 3, 0000000000000080 0000803f00000000 000000000000803f, 1",
    "I64, 2, 0000000000000000 0000000000000080, 1",
    "U64, 1, 0100000000000000, 0",
    "I32, 2, 00000000 00000080, 1",
    "U32, 2, 00000000 00000080, 1",
    "I16, 2, 0000 0080, 1",
    "U16, 2, 0000 0080, 1",
    "I8, 3, 00 80 01, 1",
    "U8, 3, 00 80 01, 1",
    "BOOL, 3, 00 01 01, 1",
    "F8_E4M3, 3, 00 80 01, 2",
    "F8_E5M2, 3, 00 80 01, 2",
    "F8_E4M3FNUZ, 3, 00 80 01, 1",
    "F8_E5M2FNUZ, 3, 00 80 01, 1",
    "F8_E8M0, 3, 00 80 01, 0",
    "F4, 4, 80 10, 3",
    "F6_E2M3, 4, 200801, 3",
    "F6_E3M2, 8, 000000 c10000, 6",
  })
  void tensor_ofAnyType_countsValuesAndZeros(
      StoredTensor.Type type, int size, String hex, long zeros) {
    StoredTensor tensor = tensor(type, size, hex);

    assertThat(tensor.size()).isEqualTo(size);
    assertThat(tensor.zeros()).isEqualTo(zeros);
  }

  @Test
  void types_ofTheTable_areAll() {
    assertThat(StoredTensor.Type.values()).hasSize(22);
  }

  @Test
  void toFloatArray_halves_areRead() {
    assertThat(tensor(StoredTensor.Type.F16, 4, "003c 00c0 ff7b 0100").toFloatArray())
        .containsExactly(1f, -2f, 65504f, 0x1p-24f);
  }

  @Test
  void toFloatArray_upperHalves_areExact() {
    assertThat(tensor(StoredTensor.Type.BF16, 4, "803f 40c0 7f7f 0100").toFloatArray())
        .containsExactly(1f, -3f, 0x1.fep127f, 0x1p-133f);
  }

  @Test
  void toFloatArray_doubles_areTheNearestFloats() {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    for (double value : new double[] {0.1, 0.5, -1e300, 1e-46}) {
      bytes.putLong(Long.reverseBytes(Double.doubleToLongBits(value)));
    }

    assertThat(StoredTensor.owning(StoredTensor.Type.F64, List.of(4), bytes.flip()).toFloatArray())
        .containsExactly(0.1f, 0.5f, Float.NEGATIVE_INFINITY, 0f);
  }

  @Test
  void toFloatArray_integers_areRefused() {
    assertThatThrownBy(() -> tensor(StoredTensor.Type.I32, 1, "01000000").toFloatArray())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("type=I32, wanted=floats");
  }

  private static StoredTensor tensor(StoredTensor.Type type, int size, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return StoredTensor.owning(type, List.of(size), ByteBuffer.wrap(bytes));
  }
}
