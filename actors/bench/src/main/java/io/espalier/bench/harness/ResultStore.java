package io.espalier.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.cli.console.CommandRefusedException;
import io.espalier.cli.console.OutputDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Results of a bench in {@code results.jsonl}, one JSON object per line, each on disk before the
 * next run starts to count. A last line that a kill tore is cut off. Not thread-safe; one process
 * at a time.
 */
public final class ResultStore<T extends ResultStore.Keyed> implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** A result that is known again. */
  public interface Keyed {
    /** Names everything that decides the result. */
    String key();
  }

  private final FileChannel file;
  private final Map<String, T> results;

  private ResultStore(FileChannel file, Map<String, T> results) {
    this.file = file;
    this.results = results;
  }

  /**
   * Opens the results in a directory, which is made if it is missing.
   *
   * @throws CommandRefusedException if another process writes them, or a line is no result
   */
  public static <T extends Keyed> ResultStore<T> open(Path directory, Class<T> type)
      throws IOException {
    Files.createDirectories(OutputDirectory.of(directory, "--out"));
    Path path = directory.resolve("results.jsonl");
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(file, path);
      String text = Files.readString(path);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      file.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
      file.position(file.size());
      return new ResultStore<>(file, parse(path, whole, type));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void lock(FileChannel file, Path path) throws IOException {
    try {
      if (file.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(path);
    }
    throw inUse(path);
  }

  private static CommandRefusedException inUse(Path path) {
    return new CommandRefusedException(
        "results must be written by one process at a time: file=%s is in use; choose another --out"
            .formatted(path));
  }

  private static <T extends Keyed> Map<String, T> parse(Path path, String text, Class<T> type) {
    Map<String, T> results = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      try {
        T result = JSON.readValue(line, type);
        results.put(result.key(), result);
      } catch (JsonProcessingException e) {
        throw new CommandRefusedException(
            "%s:%d: a line must be a result: %s; remove it, or choose another --out"
                .formatted(path, number, e.getOriginalMessage()));
      }
    }
    return results;
  }

  /** All results by key, in the order in which they came. */
  public Map<String, T> results() {
    return Collections.unmodifiableMap(results);
  }

  /** Adds a result; it is on disk when this returns. */
  public void append(T result) throws IOException {
    ByteBuffer line = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(result) + "\n");
    while (line.hasRemaining()) {
      file.write(line);
    }
    file.force(true);
    results.put(result.key(), result);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
