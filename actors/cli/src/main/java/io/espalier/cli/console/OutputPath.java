package io.espalier.cli.console;

import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks of the files and directories that commands write, before they start to work. */
public final class OutputPath {
  private OutputPath() {}

  /** Returns the path if a directory can be written or created there; throws otherwise. */
  public static Path directory(Path path, String option) {
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
    requireWritable(present, wanted);
    return path;
  }

  /** Returns the path if a file may be written there, over another only if {@code force}. */
  public static Path file(Path path, boolean force) {
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
    requireWritable(directory, "file=" + path);
    return path;
  }

  /** Checks the path of a file made of {@code source}, which it must not replace. */
  public static Path file(Path path, Path source, boolean force) throws IOException {
    Path target = file(path, force);
    if (Files.exists(target) && Files.isSameFile(source, target)) {
      throw new CommandRefusedException(
          "the file to write must not be the one that is read: file=%s; choose another"
              .formatted(path));
    }
    return target;
  }

  /** Creates a file in a directory and removes it: permissions alone do not decide this. */
  private static void requireWritable(Path directory, String wanted) {
    try {
      Files.delete(Files.createTempFile(directory, ".espalier-", ".probe"));
    } catch (IOException e) {
      throw new CommandRefusedException(
          "files must be writable there: %s, directory=%s, cause=%s; choose another place, or change who may write to it"
              .formatted(wanted, directory, cause(e)));
    }
  }

  /** The cause without the file that only tries whether files can be written. */
  private static String cause(IOException failure) {
    return failure instanceof AccessDeniedException
        ? "permission denied"
        : failure.getClass().getSimpleName();
  }
}
