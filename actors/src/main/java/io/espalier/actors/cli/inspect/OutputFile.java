package io.espalier.actors.cli.inspect;

import io.espalier.actors.cli.host.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is to write. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file may be written.
   *
   * @param force whether it may replace another
   * @throws RefusedException if not
   */
  static Path of(Path path, boolean force) {
    Path directory = path.toAbsolutePath().normalize().getParent();
    if (directory == null || Files.isDirectory(path) || !Files.isDirectory(directory)) {
      throw new RefusedException(
          "the file to write must be in a directory that exists, and be none itself: file=" + path);
    }
    if (Files.exists(path) && !force) {
      throw new RefusedException(
          "the file to write must not exist yet: file=%s; choose another, or replace it with --force"
              .formatted(path));
    }
    return path;
  }
}
