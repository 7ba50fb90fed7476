package io.espalier.configs.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
  @TempDir private Path folder;

  @Test
  void directory_thatIsMade_isItsOwnersAlone_withItsMissingParents() throws IOException {
    Path made = PrivateDirectory.create(folder.resolve("a/b"));

    assertThat(mode(made)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
  }

  @Test
  void directory_thatIsThere_keepsItsMode_unlessItIsOwn() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

    PrivateDirectory.create(open);
    assertThat(mode(open)).isEqualTo("rwxr-xr-x");

    PrivateDirectory.own(open);
    assertThat(mode(open)).isEqualTo("rwx------");
  }

  @Test
  void directory_thatMustBeNew_isMadeOnce() throws IOException {
    assertThat(mode(PrivateDirectory.createNew(folder.resolve("new")))).isEqualTo("rwx------");
    assertThatThrownBy(() -> PrivateDirectory.createNew(folder.resolve("new")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
