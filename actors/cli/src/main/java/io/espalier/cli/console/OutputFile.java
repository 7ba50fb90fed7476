package io.espalier.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is to write. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file may be written.
   *
   * @param force whether it may replace another
   * @throws CommandRefusedException if not
   */
  public static Path of(Path path, boolean force) {
    Path directory = path.toAbsolutePath().normalize().getParent();
    if (directory == null || Files.isDirectory(path)) {
      throw new CommandRefusedException(
          "the file to write must not be a directory: file=%s; name a file in it".formatted(path));
    }
    if (!Files.isDirectory(directory)) {
      throw new CommandRefusedException(
          "the file to write must be in a directory that exists: file=%s, directory=%s; make it first, or choose another"
              .formatted(path, directory));
    }
    if (Files.exists(path) && !force) {
      throw new CommandRefusedException(
          "the file to write must not exist yet: file=%s; choose another, or replace it with --force"
              .formatted(path));
    }
    WritableDirectory.require(directory, "file=" + path);
    return path;
  }

  /**
   * The same for a file made of another, which it must not replace.
   *
   * @throws CommandRefusedException if both are the same file, or the target may not be written
   */
  public static Path of(Path path, Path source, boolean force) throws IOException {
    Path target = of(path, force);
    if (Files.exists(target) && Files.isSameFile(source, target)) {
      throw new CommandRefusedException(
          "the file to write must not be the one that is read: file=%s; choose another"
              .formatted(path));
    }
    return target;
  }
}
