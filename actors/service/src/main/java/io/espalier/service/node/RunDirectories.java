package io.espalier.service.node;

import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.data.DirectorySize;
import io.espalier.service.notes.RunNotes;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class RunDirectories {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final Path runs;
  private final RunNotes notes;

  RunDirectories(Path runs) {
    this.runs = runs;
    notes = RunNotes.in(runs);
  }

  /** The directory of a run, which may not exist; refuses an invalid id. */
  Path of(String run) {
    return runs.resolve(requireId(run));
  }

  static String requireId(String run) {
    if (!ID.matcher(run).matches()) {
      throw new RefusedRequestException(
          Reason.NO_SUCH_RUN,
          "a run must exist: run='%s' is no id of a run; list the runs to see their ids"
              .formatted(run.length() > 100 ? run.substring(0, 100) + "…" : run));
    }
    return run;
  }

  /** Returns the number of run directories. */
  long count() throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(Files::isDirectory)
          .filter(directory -> ID.matcher(directory.getFileName().toString()).matches())
          .count();
    }
  }

  /** The bytes of a run's files. */
  long bytes(String run) throws IOException {
    return DirectorySize.of(of(run));
  }

  /** Deletes the directory of a run, and notes that it is gone. */
  void delete(String run) throws IOException {
    Path directory = of(run);
    if (Files.exists(directory)) {
      deleteTree(directory);
    }
    notes.delete(run);
  }

  /** Does not follow links. */
  private static void deleteTree(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
