package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OnnxTestDataTest {
  @Test
  void file_thatIsMissing_namesItsPackage() {
    assertThatThrownBy(() -> OnnxTestData.of("light/light_absent.onnx"))
        .hasMessageContaining("file=/usr/share/libonnx-testdata/data/light/light_absent.onnx")
        .hasMessageContaining("apt-get install libonnx-testdata");
  }
}
