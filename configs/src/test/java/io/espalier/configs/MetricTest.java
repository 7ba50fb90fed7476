package io.espalier.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MetricTest {
  @Test
  void bits_ofALoss_countCharactersNotTokens() {
    // e^(4 ln 2) = 16 equally probable tokens are 4 bits each, and 2.5 characters.
    double loss = 4 * Math.log(2);

    assertThat(Metric.bitsPerCharacter(2.5).bits(loss).orElseThrow()).isCloseTo(1.6, within(1e-12));
    assertThat(Metric.bitsPerCharacter(1).bits(loss).orElseThrow()).isCloseTo(4, within(1e-12));
    assertThat(Metric.ACCURACY.bits(loss)).isEmpty();
  }

  @Test
  void text_ofAResult_namesWhatItIs() {
    assertThat(Metric.ACCURACY.text(0.912, 0.3)).isEqualTo("accuracy 91.20%");
    assertThat(Metric.bitsPerCharacter(1).text(0.5, Math.log(2)))
        .isEqualTo("1.000 bits per character");
    assertThat(Metric.brief(0.912, OptionalDouble.empty())).isEqualTo("91.20%");
    assertThat(Metric.brief(0.912, OptionalDouble.of(2.3456))).isEqualTo("2.346 bits");
  }

  @Test
  void create_ofNoCharacters_isRefused() {
    assertThatThrownBy(() -> Metric.bitsPerCharacter(0))
        .hasMessageContaining(
            "a token must stand for more than 0 characters: charactersPerToken=0");
  }
}
