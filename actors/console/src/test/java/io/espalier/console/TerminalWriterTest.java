package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalWriterTest {
  private final StringWriter terminal = new StringWriter();
  private final TerminalWriter out = TerminalWriter.of(terminal);

  @Test
  void print_controlCharacters_areEscaped() {
    out.print("a\u001b]0;title\u0007b\u009b31mc\rd\u202ee");
    out.print('\b');
    out.write(new char[] {'x', '\0', 'y'}, 1, 2);
    out.printf("%s", "\u2066");

    assertThat(terminal)
        .hasToString("a\\u001b]0;title\\u0007b\\u009b31mc\\u000dd\\u202ee\\u0008\\u0000y\\u2066");
  }

  @Test
  void print_plainText_isAsItWas() {
    out.print("Zeile\t1 · 2 µs → \ud83c\udf33\r\n");
    out.println("next");

    assertThat(terminal).hasToString("Zeile\t1 · 2 µs → \ud83c\udf33\r\nnext\n");
  }

  @Test
  void clearLine_reachesTheTerminal_inItsPlace() {
    out.print("old");
    TerminalWriter.clearLine(out);
    out.print("new");

    assertThat(terminal).hasToString("old\r\u001b[Knew");
  }
}
