package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandHomeTest {
  @TempDir private Path directory;

  @Test
  void home_missing_isMade() {
    assertThat(CommandHome.create(directory.resolve("a/b"))).isEmptyDirectory();
  }

  @Test
  void home_belowAFile_isRefusedWithTheWayOut() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> CommandHome.create(file.resolve("home")))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("set ESPALIER_HOME to another one");
  }
}
