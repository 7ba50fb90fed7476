package io.espalier.service.backup;

import io.espalier.service.notes.RunNotes;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies what a service needs to go on: its journal first, then the directories of its runs, which
 * may be ahead of it, then tokens, keys, data and the federation's authority. The copy is an
 * Espalier home, and takes its name when it is complete.
 */
public final class ServiceBackup {
  private static final List<String> SECRETS = List.of("tokens.json", "token", "report-links.key");
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final String SERVICE = "service";
  private static final String FEDERATION = "federation";

  private final Path home;
  private final Path runs;
  private final boolean withData;

  /** Writes a copy of the journal's files. */
  @FunctionalInterface
  public interface JournalSource {
    void copyTo(Path directory) throws IOException, InterruptedException;
  }

  /** The content of a copy. */
  public record Copied(int runs, long bytes) {}

  /**
   * The backup of a home's service.
   *
   * @param runs directory of its runs' directories
   * @param withData whether the default data directory is copied, too
   */
  public ServiceBackup(Path home, Path runs, boolean withData) {
    this.home = home;
    this.runs = runs;
    this.withData = withData;
  }

  /** Copies all to {@code target}, which must not exist or be empty. */
  public Copied write(Path target, JournalSource journal) throws IOException, InterruptedException {
    requireEmpty(target);
    Path part = Path.of(target + ".part");
    FileTree.delete(part);
    Files.createDirectories(part.toAbsolutePath().getParent());
    // It holds secrets.
    Files.createDirectory(part, OWNER_ONLY);
    Path service = Files.createDirectory(part.resolve(SERVICE));
    // Terms that are issued later are unknown to the journal's copy.
    Map<Path, Long> terms = terms();
    journal.copyTo(service.resolve("journal"));
    for (var run : terms.entrySet()) {
      Path to = service.resolve("runs").resolve(run.getKey().getFileName());
      new RunCopy(run.getKey(), to, run.getValue()).run();
    }
    FileTree.copy(
        runs.resolve(RunNotes.DIRECTORY),
        service.resolve("runs").resolve(RunNotes.DIRECTORY),
        file -> true);
    Path from = home.resolve(SERVICE);
    for (String secret : SECRETS) {
      FileTree.copyIfThere(from.resolve(secret), service.resolve(secret));
    }
    if (withData) {
      FileTree.copy(
          from.resolve("data"),
          service.resolve("data"),
          file -> !file.getFileName().toString().startsWith("incoming-"));
    }
    FileTree.copy(home.resolve(FEDERATION), part.resolve(FEDERATION), file -> true);
    Files.deleteIfExists(target);
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    return new Copied(terms.size(), bytes(target));
  }

  private Map<Path, Long> terms() throws IOException {
    Map<Path, Long> terms = new TreeMap<>();
    if (Files.isDirectory(runs)) {
      try (Stream<Path> all = Files.list(runs)) {
        all.filter(Files::isDirectory)
            .filter(run -> !run.getFileName().toString().equals(RunNotes.DIRECTORY))
            .forEach(run -> terms.put(run, RunEpoch.latest(run.resolve("reigns")).orElse(0)));
      }
    }
    return terms;
  }

  private static void requireEmpty(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.of(target)) {
      if (files.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "a backup must have a directory of its own");
      }
    }
  }

  private static long bytes(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(target)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
