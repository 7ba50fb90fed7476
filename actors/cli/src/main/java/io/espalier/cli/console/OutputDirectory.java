package io.espalier.cli.console;

import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that a command is to write files into. */
public final class OutputDirectory {
  private OutputDirectory() {}

  /**
   * Checks that a directory can be written to or, where there is none yet, be made.
   *
   * @param option that names it
   * @return the same path
   * @throws CommandRefusedException if not
   */
  public static Path of(Path path, String option) {
    String wanted = option + "=" + path;
    Path present = path.toAbsolutePath().normalize();
    while (!Files.exists(present) && present.getParent() != null) {
      present = present.getParent();
    }
    if (!Files.isDirectory(present)) {
      throw new CommandRefusedException(
          "the directory to write to must be one, or not exist yet: %s, file=%s; choose another"
              .formatted(wanted, present));
    }
    WritableDirectory.require(present, wanted);
    return path;
  }
}
