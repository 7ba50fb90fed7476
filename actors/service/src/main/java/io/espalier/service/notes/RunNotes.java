package io.espalier.service.notes;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.configs.file.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users have written about runs: one small file per run in the hidden directory {@code .notes}
 * beside the runs' directories, which nodes of a cluster share. Thread-safe.
 */
public final class RunNotes {
  /** Name of the directory. */
  public static final String DIRECTORY = ".notes";

  private static final Logger LOG = LoggerFactory.getLogger(RunNotes.class);
  private static final String SUFFIX = ".json";
  private static final int MOST_GONE = 2_000;

  private final Path directory;
  private Map<String, Stored> stored = new HashMap<>();

  private record Stored(FileTime modified, RunNote note) {}

  private RunNotes(Path directory) {
    this.directory = directory;
  }

  /** The notes of the runs of a directory. */
  public static RunNotes in(Path runs) {
    return new RunNotes(runs.resolve(DIRECTORY));
  }

  /** Returns the note of each run that has one. Reads files that have changed. */
  public synchronized Map<String, RunNote> all() throws IOException {
    stored = readAll();
    Map<String, RunNote> all = new HashMap<>();
    stored.forEach((run, each) -> all.put(run, each.note()));
    return all;
  }

  public synchronized RunNote of(String run) throws IOException {
    return read(directory.resolve(run + SUFFIX)).map(Stored::note).orElse(RunNote.NONE);
  }

  /** Replaces what is written about a run; when this returns, it is on disk. */
  public synchronized void put(String run, RunNote note) throws IOException {
    Path file = directory.resolve(run + SUFFIX);
    stored.remove(run);
    if (note.equals(RunNote.NONE)) {
      Files.deleteIfExists(file);
      return;
    }
    PrivateDirectory.create(directory);
    byte[] json = Json.LENIENT.writeValueAsBytes(note);
    AtomicFile.write(file, out -> out.write(json));
  }

  /**
   * Notes that a run is deleted, so that pages which read its events leave it out; of the newest
   * {@value #MOST_GONE} deleted runs, more than any page shows.
   */
  public synchronized void delete(String run) throws IOException {
    put(run, RunNote.GONE);
    stored = readAll();
    List<Map.Entry<String, Stored>> gone =
        stored.entrySet().stream()
            .filter(each -> each.getValue().note().deleted())
            .sorted(Comparator.comparing(each -> each.getValue().modified()))
            .toList();
    for (var oldest : gone.subList(0, Math.max(0, gone.size() - MOST_GONE))) {
      put(oldest.getKey(), RunNote.NONE);
    }
  }

  private Map<String, Stored> readAll() throws IOException {
    Map<String, Stored> now = new HashMap<>();
    if (!Files.isDirectory(directory)) {
      return now;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          String run = name.substring(0, name.length() - SUFFIX.length());
          known(run, file).ifPresent(each -> now.put(run, each));
        }
      }
    }
    return now;
  }

  private Optional<Stored> known(String run, Path file) throws IOException {
    Stored before = stored.get(run);
    return before != null
            && Files.exists(file)
            && Files.getLastModifiedTime(file).equals(before.modified())
        ? Optional.of(before)
        : read(file);
  }

  private static Optional<Stored> read(Path file) throws IOException {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      return Optional.of(
          new Stored(modified, Json.LENIENT.readValue(Files.readAllBytes(file), RunNote.class)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      LOG.warn("a note of a run must be JSON and is passed over: file={}", file, e);
      return Optional.empty();
    }
  }
}
