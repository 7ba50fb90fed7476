package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that writes into a directory says so where it cannot. */
final class OutputDirectoriesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train digits --out=",
        "simulate fed-digits --clients=5 --out=",
        "federate fed-digits --plaintext --listen=127.0.0.1:0 --out=",
        "topics --schemas=",
        "serve certificate --host=localhost --authority=AUTHORITY --out=",
        "serve certificate --host=localhost --out=AUTHORITY --authority=",
      })
  void directory_thatCannotBeMade_isRefusedAsSuch(String command) throws IOException {
    // Given a place where not even root can make a file, and a file in a directory's place
    Path file = Files.writeString(directory.resolve("file"), "");
    String line = command.replace("AUTHORITY", directory.resolve("authority").toString());

    for (String place : new String[] {"/proc/x", file + "/x"}) {
      // When
      CommandRun run = CommandRun.of((line + place).split(" "));

      // Then what cannot be done, where, and the way out are told
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .contains("writ", place, "choose another")
          .doesNotContain("readable", "unexpected");
    }
    assertThat(directory).isDirectoryContaining(each -> each.equals(file));
    assertThat(directory.resolve("authority")).doesNotExist();
  }
}
