package io.espalier.training.run;

import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The terms of a run: numbers of its starts, which rise and never repeat. */
final class RunTerms {
  private static final String EPOCHS = "reigns";
  private static final String TERM = "term";

  private final Path directory;
  private final Path epochs;
  private final boolean isShared;
  private volatile Optional<RunEpoch> entered = Optional.empty();

  /**
   * @param isShared whether other machines may work in the directory, which no lock guards then
   */
  RunTerms(Path directory, boolean isShared) {
    this.directory = directory;
    this.epochs = directory.resolve(EPOCHS);
    this.isShared = isShared;
  }

  long next() throws IOException {
    long term = last() + 1;
    begin(term);
    return term;
  }

  /** Enters a term; throws {@link FencedException} if it or a later one has begun. */
  void enter(long term) throws IOException {
    long last = last();
    if (term <= last) {
      throw new FencedException(term, last);
    }
    begin(term);
  }

  /** The run epoch that began here; throws {@link IllegalStateException} if none did. */
  RunEpoch current() {
    return entered.orElseThrow(
        () -> new IllegalStateException("a run epoch must have a term first"));
  }

  /** Throws {@link FencedException} if a later run epoch has begun. */
  void require() {
    entered.ifPresent(RunEpoch::require);
  }

  /** The latest run epoch of the directory, for reading; entered by none here. */
  RunEpoch latest() {
    OptionalLong latest = RunEpoch.latest(epochs);
    return latest.isPresent()
        ? RunEpoch.shared(latest.getAsLong(), epochs)
        : RunEpoch.locked(Long.MAX_VALUE);
  }

  /** Term of the latest run epoch; 0 before the first. */
  private long last() throws IOException {
    return Math.max(RunEpoch.latest(epochs).orElse(0), written());
  }

  private long written() throws IOException {
    Path file = directory.resolve(TERM);
    String last = Files.exists(file) ? Files.readString(file).strip() : "0";
    if (!last.matches("\\d{1,18}")) {
      throw new InvalidRunDirectoryException(
          "a run's term must be a number: file=%s, content='%s'; write a number above all before into it, such as 1000"
              .formatted(file, last));
    }
    return Long.parseLong(last);
  }

  private void begin(long term) throws IOException {
    if (!isShared) {
      require();
      AtomicFile.write(
          directory.resolve(TERM),
          stream -> stream.write((term + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    boolean isGuarded = isShared || Files.exists(epochs);
    entered = Optional.of(isGuarded ? RunEpoch.shared(term, epochs) : RunEpoch.locked(term));
  }
}
