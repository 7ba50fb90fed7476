package io.espalier.training.run;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.FileCause;
import io.espalier.configs.file.LockFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.configs.file.ShellWord;
import io.espalier.masks.MaskVersion;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory of one run, locked by the process that works on it, or guarded by run epochs where
 * several machines share it: no lock ends with a process that is suspended.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String CHECKPOINTS = "checkpoints";
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  private static final String LOCK = "run.lock";
  private static final String RECIPE = "recipe.conf";
  static final String CONFUSION = "confusion.json";
  private static final Set<String> BEFORE_A_RUN =
      Set.of(LOCK, RunIdFile.NAME, AtomicFile.partOf(RunIdFile.NAME), AtomicFile.partOf(RECIPE));

  private final Path path;
  private final Optional<LockFile> lock;
  private final RunTerms terms;

  private RunDirectory(Path path, Optional<LockFile> lock) {
    this.path = path;
    this.lock = lock;
    this.terms = new RunTerms(path, lock.isEmpty());
  }

  /**
   * Makes the default directory of a new run, {@code NAME-TIME}; {@code NAME-TIME-2} and so on
   * where runs of the same name begin in the same second.
   *
   * @throws InvalidRunDirectoryException if it cannot be made
   */
  public static RunDirectory createNamed(
      Path folder, String name, LocalDateTime time, String recipe) {
    String first = defaultName(name, time);
    try {
      Files.createDirectories(folder);
      return begin(lock(makeNew(folder, first)), RunId.begin(name, time), recipe);
    } catch (IOException e) {
      throw unwritable(folder.resolve(first), e);
    }
  }

  /** The name that a directory of a run begun at {@code time} has, if it is free. */
  public static String defaultName(String name, LocalDateTime time) {
    return name.replaceAll("[^A-Za-z0-9._-]+", "-") + "-" + time.format(TIMESTAMP);
  }

  /** Making a directory is atomic: no two processes make the same one. */
  private static Path makeNew(Path folder, String first) throws IOException {
    Path path = folder.resolve(first);
    for (int number = 2; ; number++) {
      try {
        return PrivateDirectory.createNew(path);
      } catch (FileAlreadyExistsException e) {
        path = folder.resolve(first + "-" + number);
      }
    }
  }

  /**
   * Makes a directory for a new run; one without a recipe, of a dead process, counts as new.
   *
   * @throws InvalidRunDirectoryException if it cannot be made or holds anything
   */
  public static RunDirectory create(Path path, String recipe) {
    requireUnused(path);
    try {
      PrivateDirectory.create(path);
      LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
      return begin(lock(path), RunId.begin(RunIdFile.label(path).value(), now), recipe);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static InvalidRunDirectoryException unwritable(Path path, IOException cause) {
    return new InvalidRunDirectoryException(
        "the run directory must be writable: directory=%s, cause=%s; choose another with --out"
            .formatted(path, FileCause.ofWriting(cause)));
  }

  /**
   * Opens the directory of an unfinished run and locks it.
   *
   * @throws InvalidRunDirectoryException if there is no run, it is finished, or another process
   *     works on it
   */
  public static RunDirectory resume(Path path) {
    requireRecipe(path);
    if (isFinished(path)) {
      throw new InvalidRunDirectoryException(
          "a run to resume must be unfinished: directory=%s has a summary.json; see its report.html, or train on with --extend \"5 epochs\""
              .formatted(path));
    }
    return open(path);
  }

  /** Whether the run in a directory has ended with a result. */
  public static boolean isFinished(Path path) {
    return Files.exists(path.resolve("summary.json"));
  }

  /**
   * Opens the directory of a run, finished or not, and locks it.
   *
   * @throws InvalidRunDirectoryException if there is no run, or another process works on it
   */
  public static RunDirectory open(Path path) {
    requireRecipe(path);
    try {
      return lock(path);
    } catch (IOException e) {
      throw new InvalidRunDirectoryException(
          "the run directory must be writable: directory=" + path + ", cause=" + e.getMessage());
    }
  }

  private static void requireRecipe(Path path) {
    requireAccess(path.resolve(RECIPE));
    if (!Files.isRegularFile(path.resolve(RECIPE))) {
      throw new InvalidRunDirectoryException(
          "a run to resume must have a recipe.conf in its directory: directory=" + path);
    }
  }

  /** Refuses a file that this user may not read, which looks like none in a closed directory. */
  static void requireAccess(Path file) {
    FileCause.denied(file)
        .ifPresent(
            denied -> {
              throw new InvalidRunDirectoryException(
                  "the run directory must be readable: " + denied);
            });
  }

  /**
   * The directory of a run of the service, made if absent; the latest term owns it.
   *
   * @throws InvalidRunDirectoryException if it cannot be made
   */
  public static RunDirectory hold(Path path, String recipe) {
    RunDirectory directory = new RunDirectory(path, Optional.empty());
    try {
      PrivateDirectory.create(path);
      if (!Files.exists(path.resolve(RECIPE))) {
        directory.writeText(RECIPE, recipe);
      }
      return directory;
    } catch (IOException e) {
      throw new InvalidRunDirectoryException(
          "the run directory must be writable: directory=%s, cause=%s"
              .formatted(path, FileCause.ofWriting(e)));
    }
  }

  public Path path() {
    return path;
  }

  public Path checkpoints() {
    return path.resolve(CHECKPOINTS);
  }

  /** Reads checkpoints of the run that is here; nothing of it changes. */
  Checkpoints checkpointsOf(PreparedRun run, String recipe) {
    return Checkpoints.in(
        checkpoints(),
        run,
        recipe,
        run.config().train().recovery().keepCheckpoints(),
        terms.latest());
  }

  /**
   * The id of the run that is here: its own, or in a service the name that the service gave it.
   *
   * @throws IOException if the file that holds it is damaged
   */
  public RunId id() throws IOException {
    return RunIdFile.read(path);
  }

  /** The run epoch that began last here; throws {@link IllegalStateException} if none did. */
  public RunEpoch runEpoch() {
    return terms.current();
  }

  /** Throws {@link FencedException} if a later run epoch has begun. */
  void requireRunEpoch() {
    terms.require();
  }

  /** Whether there is a checkpoint, which may be damaged. */
  public boolean hasCheckpoint() throws IOException {
    return hasCheckpoint(path);
  }

  /** The same, of a run's directory that nothing is done with. */
  public static boolean hasCheckpoint(Path directory) throws IOException {
    Path checkpoints = directory.resolve(CHECKPOINTS);
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().startsWith("step-"));
    }
  }

  public Path model() {
    return path.resolve("model.safetensors");
  }

  public Path masks() {
    return path.resolve("masks.safetensors");
  }

  /** The network of the best validation accuracy, of a run that keeps it. */
  public Path best() {
    return path.resolve("best.safetensors");
  }

  /** Where a run that keeps all versions of its masks has them. */
  Path maskVersions() {
    return path.resolve("masks");
  }

  Path masks(MaskVersion version) {
    return maskVersions()
        .resolve(String.format(Locale.ROOT, "version-%05d.safetensors", version.number()));
  }

  /** How the final network answers for each class of the test set. */
  public Path confusion() {
    return path.resolve(CONFUSION);
  }

  public Path report() {
    return path.resolve("report.html");
  }

  public Path summary() {
    return path.resolve("summary.json");
  }

  /** The resolved recipe that the run was started with. */
  public String recipe() throws IOException {
    return Files.readString(path.resolve(RECIPE));
  }

  /** The next term of this run: a number that rises and never repeats. */
  public long nextTerm() throws IOException {
    return terms.next();
  }

  /**
   * Enters a term of the service; throws {@link FencedException} if it or a later one has begun.
   */
  public void enterTerm(long term) throws IOException {
    terms.enter(term);
  }

  /**
   * Keeps the latencies that a run counts by, if it does: it resumes with them on any machine. Its
   * copy stays unless the run begins {@code anew}; checkpoints of earlier versions have none.
   */
  void keepLatencies(PreparedRun run, boolean anew) throws IOException {
    if (run.latencies().isPresent() && (anew || !Files.exists(path.resolve(LatencyTable.FILE)))) {
      writeText(LatencyTable.FILE, run.latencies().get().json());
    }
  }

  /**
   * A run that decides when it becomes sparse, as it has decided here, or decides and keeps that.
   *
   * @param step that it goes on at
   * @param kept a directory of what was measured, if anything is kept
   */
  PreparedRun decided(PreparedRun run, long step, Optional<Path> kept) throws IOException {
    if (decides(run) && !Files.exists(path.resolve(ExecutionDecision.FILE))) {
      writeText(ExecutionDecision.FILE, ExecutionDecision.measured(run, step, kept).json());
    }
    return decided(run);
  }

  /** A run as it has decided here; as it is if it decides nothing, or has not yet. */
  PreparedRun decided(PreparedRun run) throws IOException {
    Path file = path.resolve(ExecutionDecision.FILE);
    return decides(run) && Files.exists(file)
        ? ExecutionDecision.parse(Files.readString(file)).of(run)
        : run;
  }

  private static boolean decides(PreparedRun run) {
    return run.config().train().compute().execution() == ExecutionConfig.AUTO;
  }

  /** Writes atomically. */
  void writeText(String name, String text) throws IOException {
    requireRunEpoch();
    AtomicFile.write(
        path.resolve(name), stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    lock.ifPresent(LockFile::close);
  }

  private static RunDirectory begin(RunDirectory directory, RunId run, String recipe)
      throws IOException {
    try {
      // Again, under the lock.
      requireUnused(directory.path);
      // First: a recipe without an identity is a run of an earlier version.
      RunIdFile.write(directory.path, run);
      directory.writeText(RECIPE, recipe);
      return directory;
    } catch (InvalidRunDirectoryException e) {
      directory.close();
      throw e;
    } catch (IOException e) {
      directory.close();
      Files.deleteIfExists(directory.path.resolve(LOCK));
      Files.deleteIfExists(directory.path.resolve(RunIdFile.NAME));
      throw e;
    }
  }

  /**
   * Checks that a new run may begin in a directory; writes nothing.
   *
   * @throws InvalidRunDirectoryException if it holds anything
   */
  public static void requireUnused(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    if (!Files.isDirectory(path)) {
      throw new InvalidRunDirectoryException(
          "the run directory must be a directory: directory=" + path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.anyMatch(entry -> !BEFORE_A_RUN.contains(entry.getFileName().toString()))) {
        throw new InvalidRunDirectoryException(
            "the run directory must be new or empty: directory=%s %s"
                .formatted(
                    path,
                    Files.exists(path.resolve(RECIPE))
                        ? "already holds a run; resume it with espalier train --resume "
                            + ShellWord.of(path)
                            + ", or choose another with --out"
                        : "holds files; choose another with --out"));
      }
    } catch (IOException e) {
      throw new InvalidRunDirectoryException(
          "the run directory must be readable: directory=" + path + ", cause=" + e.getMessage());
    }
  }

  private static RunDirectory lock(Path path) throws IOException {
    return LockFile.take(path.resolve(LOCK))
        .map(lock -> new RunDirectory(path, Optional.of(lock)))
        .orElseThrow(
            () ->
                new InvalidRunDirectoryException(
                    "a run directory belongs to one process at a time: directory=%s is in use; wait for the other process to end"
                        .formatted(path)));
  }
}
