package io.espalier.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WrappedLineTest {
  @Test
  void line_longerThanATerminal_goesOnBelowItsText() {
    assertThat(
            WrappedLine.of(
                "plan      4,440 steps (20 epochs, 2 trainers), 50 mask updates, 13,310 weights"
                    + " kept at 95.00% sparsity"))
        .containsExactly(
            "plan      4,440 steps (20 epochs, 2 trainers), 50 mask updates, 13,310 weights",
            "          kept at 95.00% sparsity");
  }

  @Test
  void line_withALongWord_keepsItWhole() {
    String path = "/p".repeat(50);

    assertThat(WrappedLine.of("run       " + path + " (every setting)"))
        .containsExactly("run       " + path, "          (every setting)");
  }

  @Test
  void line_thatFits_staysAsItIs() {
    String line = "x".repeat(10) + " y".repeat(35);

    assertThat(line).hasSize(80);
    assertThat(WrappedLine.of(line)).containsExactly(line);
    assertThat(WrappedLine.of("short")).containsExactly("short");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 trainers", "1, 1 trainer", "2, 2 trainers", "1200, '1,200 trainers'"})
  void count_ofThings_isInWords(long count, String text) {
    assertThat(Counted.of(count, "trainer")).isEqualTo(text);
  }
}
