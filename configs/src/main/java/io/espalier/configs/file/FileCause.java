package io.espalier.configs.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Why a file cannot be read or written, for messages. */
public final class FileCause {
  private FileCause() {}

  /** The cause of a failure to read, with the path that the system names. */
  public static String of(Exception failure) {
    if (failure instanceof AccessDeniedException denied) {
      return permission(String.valueOf(denied.getFile()));
    }
    return failure instanceof NoSuchFileException missing
        ? "no such file: path=" + missing.getFile()
        : failure.toString();
  }

  /** The cause of a failure to write, without advice. */
  public static String ofWriting(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "permission denied: path=" + denied.getFile();
    }
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getClass().getSimpleName() + " " + failure.getMessage();
  }

  /**
   * Returns the part of a path that this user may not read: the path itself, or a directory that
   * leads to it. Java answers for a file in a directory that may not be entered as for one that
   * does not exist.
   */
  public static Optional<String> denied(Path path) {
    return denied(path, Files::isExecutable, Files::isReadable);
  }

  static Optional<String> denied(Path path, Predicate<Path> enterable, Predicate<Path> readable) {
    Path whole = path.toAbsolutePath().normalize();
    Optional<Path> closed =
        leading(whole).filter(each -> Files.isDirectory(each) && !enterable.test(each)).findFirst();
    return closed
        .or(() -> Optional.of(whole).filter(Files::exists).filter(readable.negate()))
        .map(each -> permission(each.toString()));
  }

  /** A path after all that lead to it. */
  private static Stream<Path> leading(Path whole) {
    return IntStream.rangeClosed(1, whole.getNameCount())
        .mapToObj(names -> whole.getRoot().resolve(whole.subpath(0, names)));
  }

  private static String permission(String path) {
    return "permission denied: path=%s; give this user access to it, or name another"
        .formatted(path);
  }
}
