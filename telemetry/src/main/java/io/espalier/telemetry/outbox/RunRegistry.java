package io.espalier.telemetry.outbox;

import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The directories of all runs that were started with an Espalier home. One small file per run under
 * {@code known-runs/}; it stays when the directory is deleted. Thread-safe, also across processes.
 */
public final class RunRegistry {
  private static final String SUFFIX = ".path";

  private final Path entries;

  private RunRegistry(Path entries) {
    this.entries = entries;
  }

  public static RunRegistry of(Path home) {
    return new RunRegistry(home.resolve("known-runs"));
  }

  public void add(RunId run, Path runDirectory) throws IOException {
    PrivateDirectory.own(entries);
    String path = runDirectory.toAbsolutePath().normalize().toString();
    AtomicFile.write(
        entries.resolve(run + SUFFIX), out -> out.write(path.getBytes(StandardCharsets.UTF_8)));
  }

  /** The directory of a run, which may be deleted; empty if the home has not started it. */
  public Optional<Path> find(RunId run) throws IOException {
    return target(entries.resolve(run + SUFFIX));
  }

  /** The directories of all runs, deleted ones included. */
  public SortedMap<RunId, Path> all() throws IOException {
    SortedMap<RunId, Path> all =
        new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
    if (!Files.isDirectory(entries)) {
      return all;
    }
    try (Stream<Path> files = Files.list(entries)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          RunId run = new RunId(name.substring(0, name.length() - SUFFIX.length()));
          target(file).ifPresent(directory -> all.put(run, directory));
        }
      }
    }
    return all;
  }

  private static Optional<Path> target(Path entry) throws IOException {
    try {
      return Optional.of(Path.of(Files.readString(entry).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
