package io.espalier.telemetry.outbox;

import io.espalier.configs.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right to append to and ship a run's outbox where a lock does not suffice: several machines
 * share the directory, and suspended processes keep locks. A later, larger {@code term} ends it,
 * and {@code fence} then throws.
 */
public record WriterEpoch(long term, Runnable fence) {
  public WriterEpoch {
    new Rules().require("term", term, term >= 1, "1 or more").verify();
  }

  public Path own(Path runDirectory, String name) {
    return runDirectory.resolve(name + "-" + term);
  }

  /** Returns the last holder's file: the one of its term, else the one held by lock. */
  public static Path last(Path runDirectory, String name) throws IOException {
    return before(runDirectory, name, Long.MAX_VALUE);
  }

  public Path previous(Path runDirectory, String name) throws IOException {
    return before(runDirectory, name, term);
  }

  /**
   * Deletes the files of a name that earlier terms have left, but for the last one before this
   * term, which is read as {@link #previous}.
   */
  void forgetOutlived(Path runDirectory, String name) throws IOException {
    Path previous = previous(runDirectory, name);
    String prefix = name + "-";
    try (Stream<Path> files = Files.list(runDirectory)) {
      List<Path> outlived =
          files.filter(file -> isBefore(file, prefix, term) && !file.equals(previous)).toList();
      for (Path file : outlived) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isBefore(Path file, String prefix, long limit) {
    String name = file.getFileName().toString();
    String term = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return term.matches("\\d{1,18}") && Long.parseLong(term) < limit;
  }

  private static Path before(Path runDirectory, String name, long limit) throws IOException {
    String prefix = name + "-";
    try (Stream<Path> files = Files.list(runDirectory)) {
      Optional<Long> last =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.startsWith(prefix))
              .map(file -> file.substring(prefix.length()))
              .filter(term -> term.matches("\\d{1,18}"))
              .map(Long::valueOf)
              .filter(term -> term < limit)
              .max(Comparator.naturalOrder());
      return runDirectory.resolve(last.map(term -> prefix + term).orElse(name));
    }
  }
}
