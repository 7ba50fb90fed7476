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
 * One coordinator's time over a run, numbered by a term that is unique in the run.
 *
 * <p>No lock excludes a coordinator that was cut off or paused on another machine. So each epoch
 * leaves a file {@code reigns/TERM}, as long as a checkpoint of that term or before is there, with
 * term and step of the checkpoint it resumed from. A write is refused once a later epoch has begun
 * ({@link #require}). A later write after that check is invalid: a checkpoint is valid if the
 * latest epoch wrote it, or <b>if the chain of origins from the latest epoch back to the
 * checkpoint's term never resumed from a step before it</b>.
 *
 * <p>Valid checkpoints thus form one history. No file of an epoch is written twice. Thread-safe.
 */
public final class RunEpoch {
  private static final Pattern FILE = Pattern.compile("\\d{1,18}");
  private static final Pattern CONTENT = Pattern.compile("(\\d{1,18}) (-?\\d{1,18})\\R");

  private final long term;
  private final Optional<Path> directory;

  /** The checkpoint that a run epoch resumes from. */
  public record Origin(long term, long step) {
    /** The origin of a run epoch that found no checkpoint. */
    public static final Origin NOTHING = new Origin(0, -1);

    private static Origin parse(Path file) throws IOException {
      Matcher text = CONTENT.matcher(Files.readString(file));
      if (!text.matches()) {
        throw new IOException(
            "the file of a run epoch must hold term and step of its origin: file=%s; remove it if no process works on the run"
                .formatted(file));
      }
      return new Origin(Long.parseLong(text.group(1)), Long.parseLong(text.group(2)));
    }

    private byte[] text() {
      return "%d %d%n".formatted(term, step).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private RunEpoch(long term, Optional<Path> directory) {
    this.term = term;
    this.directory = directory;
  }

  /** A run epoch that ends before the next one begins, as a lock ensures. */
  public static RunEpoch locked(long term) {
    return new RunEpoch(term, Optional.empty());
  }

  /** A run epoch that another machine may supersede; {@code directory} may not exist yet. */
  public static RunEpoch shared(long term, Path directory) {
    return new RunEpoch(term, Optional.of(directory));
  }

  public long term() {
    return term;
  }

  public boolean isShared() {
    return directory.isPresent();
  }

  /**
   * Begins the epoch durably, before any other write: writes of earlier epochs after {@code origin}
   * become invalid. Throws {@link FencedException} if this term or a later one has begun.
   */
  public void begin(Origin origin) throws IOException {
    if (directory.isEmpty()) {
      return;
    }
    Path epochs = directory.get();
    OptionalLong last = latest(epochs);
    if (last.isPresent() && last.getAsLong() >= term) {
      throw new FencedException(term, last.getAsLong());
    }
    Files.createDirectories(epochs);
    AtomicFile.write(epochs.resolve(Long.toString(term)), out -> out.write(origin.text()));
    AtomicFile.forceDirectory(epochs.toAbsolutePath().resolveSibling("."));
    require();
  }

  /** Forgets earlier epochs than those of all checkpoints that there are: no chain reaches them. */
  void forgetBefore(long oldestTerm) throws IOException {
    if (directory.isPresent()) {
      for (Path file : terms(directory.get()).headMap(Math.min(term, oldestTerm)).values()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Throws {@link FencedException} if a later run epoch has begun. */
  public void require() {
    directory
        .map(RunEpoch::latest)
        .filter(last -> last.isPresent() && last.getAsLong() > term)
        .ifPresent(
            last -> {
              throw new FencedException(term, last.getAsLong());
            });
  }

  /** Returns whether a checkpoint is valid under the run epochs that have begun. */
  public boolean counts(long checkpointTerm, long step) {
    return directory.isEmpty() || counts(checkpointTerm, step, read(directory.get()));
  }

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

  public static OptionalLong latest(Path directory) {
    return terms(directory).keySet().stream().mapToLong(Long::longValue).max();
  }

  private static SortedMap<Long, Origin> read(Path directory) {
    SortedMap<Long, Origin> begun = new TreeMap<>();
    terms(directory)
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

  private static SortedMap<Long, Path> terms(Path directory) {
    SortedMap<Long, Path> terms = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      return terms;
    }
    try (Stream<Path> files = Files.list(directory)) {
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
