package io.espalier.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether files can be made in a directory, by making one: permissions do not tell. */
final class WritableDirectory {
  private WritableDirectory() {}

  /**
   * Makes a file in a directory that exists, and removes it.
   *
   * @param wanted what is to be written, for the message
   * @throws CommandRefusedException if it cannot be made
   */
  static void require(Path directory, String wanted) {
    try {
      Files.delete(Files.createTempFile(directory, ".espalier-", ".probe"));
    } catch (IOException e) {
      throw new CommandRefusedException(
          "files must be writable there: %s, directory=%s, cause=%s; choose another place, or change who may write to it"
              .formatted(wanted, directory, e.getClass().getSimpleName()));
    }
  }
}
