package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.ImageConfig.Colour;
import io.espalier.configs.ImageConfig.Fit;
import io.espalier.trainer.network.ImageShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageEncodingTest {
  private static final ImageEncoding ENCODING = new ImageEncoding(24, 32, Fit.PAD, Colour.GREY);

  @Test
  void json_isReadAgain() {
    assertThat(ENCODING.toJson())
        .isEqualTo("{\"height\":24,\"width\":32,\"fit\":\"pad\",\"colour\":\"grey\"}");
    assertThat(InputEncoding.parse(ENCODING.toJson())).isEqualTo(ENCODING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"height\":0,\"width\":32,\"fit\":\"pad\",\"colour\":\"grey\"}",
        "{\"width\":32,\"fit\":\"pad\",\"colour\":\"grey\"}",
        "{\"height\":24,\"width\":32,\"fit\":\"round\",\"colour\":\"grey\"}",
        "{\"height\":24,\"width\":32,\"fit\":\"pad\"}",
        "{\"height\":24,\"width\":32,\"fit\":[1],\"colour\":\"grey\"}",
      })
  void parse_invalid_isRefusedWithItsText(String json) {
    assertThatThrownBy(() -> InputEncoding.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an encoding of images must be valid")
        .hasMessageContaining(json);
  }

  @Test
  void requireFit_otherInputs_areRefused() {
    ENCODING.requireFit(new ImageShape(1, 24, 32), List.of());

    assertThatThrownBy(() -> ENCODING.requireFit(new ImageShape(3, 24, 32), List.of()))
        .hasMessageContaining("inputs=3×24×32, columns=0, encoded=1×24×32");
  }
}
