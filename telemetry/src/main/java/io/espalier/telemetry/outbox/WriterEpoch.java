package io.espalier.telemetry.outbox;

import io.espalier.configs.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
