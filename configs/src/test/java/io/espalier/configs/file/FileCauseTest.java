package io.espalier.configs.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Denials are answered by fakes: tests may run as a user to whom nothing is denied. */
final class FileCauseTest {
  @TempDir private Path directory;
  private Path closed;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    closed = Files.createDirectory(directory.resolve("closed"));
    file = Files.writeString(closed.resolve("rows.csv"), "a,b");
  }

  @Test
  void denied_belowAClosedDirectory_namesTheDirectory() {
    assertThat(
            FileCause.denied(
                closed.resolve("absent/rows.csv"), each -> !each.equals(closed), each -> true))
        .contains(
            "permission denied: path=%s; give this user access to it, or name another"
                .formatted(closed));
  }

  @Test
  void denied_forAClosedFile_namesTheFile() {
    assertThat(FileCause.denied(file, each -> true, each -> !each.equals(file)))
        .hasValueSatisfying(
            text -> assertThat(text).startsWith("permission denied: path=" + file + ";"));
  }

  @Test
  void denied_ofWhatMayBeReadOrIsNotThere_isNothing() {
    assertThat(FileCause.denied(file)).isEmpty();
    assertThat(FileCause.denied(closed.resolve("absent"), each -> true, each -> false)).isEmpty();
  }

  @Test
  void cause_ofAFailure_isInPlainWords() {
    assertThat(FileCause.of(new AccessDeniedException("/a")))
        .startsWith("permission denied: path=/a;");
    assertThat(FileCause.of(new NoSuchFileException("/a"))).isEqualTo("no such file: path=/a");
    assertThat(FileCause.of(new IOException("broken"))).contains("broken");
    assertThat(FileCause.ofWriting(new AccessDeniedException("/a")))
        .isEqualTo("permission denied: path=/a");
    assertThat(FileCause.ofWriting(new FileAlreadyExistsException("/a")))
        .isEqualTo("FileAlreadyExistsException /a");
  }
}
