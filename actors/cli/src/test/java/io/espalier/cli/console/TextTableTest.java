package io.espalier.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void text_numbers_standToTheRight() {
    TextTable table =
        TextTable.withHeader(List.of("name", "units"))
            .row(List.of("fc1.weight", "1,024"))
            .row(List.of("×", "7"));

    assertThat(table.text()).isEqualTo("name        units\nfc1.weight  1,024\n×               7");
  }

  @Test
  void text_manyRows_takesLinearTime() {
    TextTable table = TextTable.withHeader(List.of("name", "units"));
    for (int i = 0; i < 200_000; i++) {
      table.row(List.of("layer" + i, String.valueOf(i)));
    }

    assertThat(table.text()).endsWith("\nlayer199999  199999");
  }

  @Test
  void row_lineBreakInCell_forgesNoRow() {
    TextTable table = TextTable.withoutHeader().row(List.of("a\nb", "c"));

    assertThat(table.text()).isEqualTo("a\\nb  c");
  }

  @Test
  void row_ofAnotherLength_isRefused() {
    TextTable table = TextTable.withHeader(List.of("a", "b"));

    assertThatThrownBy(() -> table.row(List.of("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same number of cells");
  }
}
