package io.espalier.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EspalierHomeTest {
  @TempDir private Path directory;

  @Test
  void home_named_isThat() {
    assertThat(EspalierHome.path(Map.of("ESPALIER_HOME", directory.toString()), Path.of("/u")))
        .isEqualTo(directory.toAbsolutePath());
  }

  @Test
  void home_notNamed_isInTheUsersHome() {
    assertThat(EspalierHome.path(Map.of("ESPALIER_HOME", " "), directory))
        .isEqualTo(directory.resolve(".espalier").toAbsolutePath());
  }

  @Test
  void home_missing_isMade() {
    assertThat(EspalierHome.create(directory.resolve("a/b"))).isEmptyDirectory();
  }

  @Test
  void home_belowAFile_isRefusedWithTheWayOut() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> EspalierHome.create(file.resolve("home")))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("set ESPALIER_HOME to another one");
  }
}
