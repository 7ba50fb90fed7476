package io.espalier.configs.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EspalierHomeTest {
  @TempDir private Path directory;

  @Test
  void home_named_isThat() {
    assertThat(EspalierHome.path(Map.of("ESPALIER_HOME", directory.toString()), Path.of("/u")))
        .isEqualTo(directory.toAbsolutePath());
  }

  @Test
  void home_ofAnotherHOME_isInThat() {
    assertThat(EspalierHome.path(Map.of("HOME", directory.toString()), Path.of("/u")))
        .isEqualTo(directory.resolve(".espalier").toAbsolutePath());
  }

  @Test
  void home_notNamed_isInTheUsersHome() {
    assertThat(EspalierHome.path(Map.of("ESPALIER_HOME", " "), directory))
        .isEqualTo(directory.resolve(".espalier").toAbsolutePath());
  }
}
