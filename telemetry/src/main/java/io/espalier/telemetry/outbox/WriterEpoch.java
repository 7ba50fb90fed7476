package io.espalier.telemetry.outbox;

import io.espalier.configs.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right to append to a run's outbox and to ship it where no lock can give it: several machines
 * share the run directory, and a process that stands still keeps its locks. It lasts until a later
 * term begins.
 *
 * @param term larger than those of all holders before
 * @param fence throws once a later term has begun
 */
public record WriterEpoch(long term, Runnable fence) {
  public WriterEpoch {
    new Rules().require("term", term, term >= 1, "1 or more").verify();
  }

  /** This holder's own file of that purpose. */
  public Path own(Path runDirectory, String name) {
    return runDirectory.resolve(name + "-" + term);
  }

  /** The file of that purpose of the run's last holder: one by its term, else one by lock. */
  public static Path last(Path runDirectory, String name) throws IOException {
    return before(runDirectory, name, Long.MAX_VALUE);
  }

  /** The same of the last holder before this one. */
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
