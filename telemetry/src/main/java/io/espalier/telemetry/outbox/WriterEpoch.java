package io.espalier.telemetry.outbox;

import io.espalier.configs.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right to append to a run's outbox and to ship it where a lock does not suffice: several
 * machines share the run directory, and a suspended process keeps its locks. It lasts until a later
 * term begins.
 *
 * @param term larger than those of all earlier holders
 * @param fence throws once a later term has begun
 */
public record WriterEpoch(long term, Runnable fence) {
  public WriterEpoch {
    new Rules().require("term", term, term >= 1, "1 or more").verify();
  }

  /** Returns this holder's own file of a purpose. */
  public Path own(Path runDirectory, String name) {
    return runDirectory.resolve(name + "-" + term);
  }

  /**
   * Returns the last holder's file of a purpose: the one of its term, else the one held by lock.
   */
  public static Path last(Path runDirectory, String name) throws IOException {
    return before(runDirectory, name, Long.MAX_VALUE);
  }

  /** Returns the file of the holder before this one. */
  public Path previous(Path runDirectory, String name) throws IOException {
    return before(runDirectory, name, term);
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
