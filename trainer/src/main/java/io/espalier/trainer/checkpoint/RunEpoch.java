package io.espalier.trainer.checkpoint;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One coordinator's time over a run, numbered by a term that no other has.
 *
 * <p>Where several machines may work on a run, no lock keeps a coordinator out that was cut off or
 * stood still for minutes. So each reign leaves a small file for good, in {@code reigns/TERM},
 * which names term and step of the checkpoint that it went on from. By these files
 *
 * <ul>
 *   <li>an act of a reign is refused once a later one has begun ({@link #require}), and
 *   <li>what an outlived one writes all the same, between its last look and its act, does not
 *       count: a checkpoint does if the last reign wrote it, or <b>if its term is one that the last
 *       reign goes back to, and no reign on the way went on from a step before it</b>.
 * </ul>
 *
 * <p>Checkpoints that count are thus always of one history, and what the last reign went on from is
 * among them. Files of reigns are never written twice, so that no late write can undo another.
 * Thread-safe.
 */
public final class RunEpoch {
  private static final Pattern FILE = Pattern.compile("\\d{1,18}");
  private static final Pattern CONTENT = Pattern.compile("(\\d{1,18}) (-?\\d{1,18})\\R");

  private final long term;
  private final Optional<Path> reigns;

  /** The checkpoint that a run epoch resumes from. */
  public record Origin(long term, long step) {
    /** The origin of a run epoch that found no checkpoint. */
    public static final Origin NOTHING = new Origin(0, -1);

    private static Origin parse(Path file) throws IOException {
      Matcher text = CONTENT.matcher(Files.readString(file));
      if (!text.matches()) {
        throw new IOException(
            "a reign must name term and step that it went on from: file=%s; remove it if the run stands still"
                .formatted(file));
      }
      return new Origin(Long.parseLong(text.group(1)), Long.parseLong(text.group(2)));
    }

    private byte[] text() {
      return "%d %d%n".formatted(term, step).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private RunEpoch(long term, Optional<Path> reigns) {
    this.term = term;
    this.reigns = reigns;
  }

  /** A run epoch that ends before the next one begins, as a lock ensures. */
  public static RunEpoch locked(long term) {
    return new RunEpoch(term, Optional.empty());
  }

  /**
   * A run epoch that another machine may supersede.
   *
   * @param directory of all run epochs of the run; it need not exist yet
   */
  public static RunEpoch shared(long term, Path reigns) {
    return new RunEpoch(term, Optional.of(reigns));
  }

  public long term() {
    return term;
  }

  public boolean isShared() {
    return reigns.isPresent();
  }

  /**
   * Begins the epoch: writes of earlier epochs after {@code origin} become invalid. Must precede every other write; on return the epoch is on disk.
   *
   * @throws FencedException if a later run epoch has begun, or one of this term
   */
  public void begin(Origin origin) throws IOException {
    if (reigns.isEmpty()) {
      return;
    }
    Path directory = reigns.get();
    OptionalLong last = latest(directory);
    if (last.isPresent() && last.getAsLong() >= term) {
      throw new FencedException(term, last.getAsLong());
    }
    Files.createDirectories(directory);
    AtomicFile.write(directory.resolve(Long.toString(term)), out -> out.write(origin.text()));
    AtomicFile.forceDirectory(directory.toAbsolutePath().resolveSibling("."));
    require();
  }

  /**
   * Checks that this run epoch is the latest.
   *
   * @throws FencedException if a later one has begun
   */
  public void require() {
    reigns
        .map(RunEpoch::latest)
        .filter(last -> last.isPresent() && last.getAsLong() > term)
        .ifPresent(
            last -> {
              throw new FencedException(term, last.getAsLong());
            });
  }

  /** Returns whether a checkpoint is valid under the run epochs that have begun. */
  public boolean counts(long checkpointTerm, long step) {
    return reigns.isEmpty() || counts(checkpointTerm, step, read(reigns.get()));
  }

  /**
   * @param begun origin of each run epoch, by term
   */
  static boolean counts(long checkpointTerm, long step, SortedMap<Long, Origin> begun) {
    long at = begun.isEmpty() ? checkpointTerm : begun.lastKey();
    long lastStep = Long.MAX_VALUE;
    while (at > checkpointTerm) {
      Origin origin = begun.getOrDefault(at, Origin.NOTHING);
      at = Math.min(origin.term(), at - 1);
      lastStep = Math.min(lastStep, origin.step());
    }
    return at == checkpointTerm && step <= lastStep;
  }

  /** Returns the term of the latest run epoch that has begun. */
  public static OptionalLong latest(Path reigns) {
    return terms(reigns).keySet().stream().mapToLong(Long::longValue).max();
  }

  private static SortedMap<Long, Origin> read(Path reigns) {
    SortedMap<Long, Origin> begun = new TreeMap<>();
    terms(reigns)
        .forEach(
            (term, file) -> {
              try {
                begun.put(term, Origin.parse(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return begun;
  }

  private static SortedMap<Long, Path> terms(Path reigns) {
    SortedMap<Long, Path> terms = new TreeMap<>();
    if (!Files.isDirectory(reigns)) {
      return terms;
    }
    try (Stream<Path> files = Files.list(reigns)) {
      files.forEach(
          file -> {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (name.matches()) {
              terms.put(Long.parseLong(name.group()), file);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return terms;
  }
}
