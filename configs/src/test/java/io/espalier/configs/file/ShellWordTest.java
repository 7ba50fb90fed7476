package io.espalier.configs.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
  @Test
  void plainPath_staysAsItIs() {
    assertThat(ShellWord.of(Path.of("runs/größe-0.9_a"))).isEqualTo("runs/größe-0.9_a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"my run", "a\"b", "$HOME", "`id`", "a\\b", "it's", "a;b", "~/x"})
  void path_readByAShell_isOneWord(String text) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(Path.of(text))).start();

    assertThat(shell.getInputStream().readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(text);
    assertThat(shell.waitFor()).isZero();
  }
}
