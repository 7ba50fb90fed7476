package io.espalier.trainer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class StoredTensorTest {
  @Property(tries = 100, seed = "1")
  void ofBits_anyCount_keepsEveryBitAndClearsTheRest(
      @ForAll @IntRange(min = 0, max = 70) int count, @ForAll long bits) {
    StoredTensor tensor = StoredTensor.ofBits(count, bit -> (bits >>> bit & 1) == 1);

    assertThat(tensor.dimensions()).containsExactly((count + 7) / 8);
    for (int bit = 0; bit < tensor.size() * 8; bit++) {
      assertThat(tensor.bit(bit)).isEqualTo(bit < count && (bits >>> bit & 1) == 1);
    }
  }

  @Test
  void ofFloats_dimensionsThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> StoredTensor.ofFloats(List.of(2, 2), new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dimensions=[2, 2], bytes=12");
  }

  @Test
  void floats_ofBytes_areRefused() {
    assertThatThrownBy(() -> StoredTensor.ofBytes(new byte[4]).floats())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("type=U8, wanted=F32");
  }

  @Test
  void ofFloats_arrayChangedLater_isACopy() {
    float[] values = {1, 2};
    StoredTensor tensor = StoredTensor.ofFloats(List.of(2), values);
    values[0] = 9;

    assertThat(tensor.toFloatArray()).containsExactly(1, 2);
    assertThat(tensor.floats().isReadOnly()).isTrue();
  }
}
