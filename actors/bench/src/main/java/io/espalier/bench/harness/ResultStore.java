package io.espalier.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.Json;
import io.espalier.configs.file.LockFile;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Results of a bench in {@code results.jsonl}, one JSON object per line, each on disk before the
 * next run starts to count. An incomplete last line is cut off. Not thread-safe; one process at a
 * time.
 */
public final class ResultStore<T extends ResultStore.Keyed> implements AutoCloseable {
  /** A result with a key that names everything that decides it. */
  public interface Keyed {
    String key();
  }

  private final LockFile lock;
  private final FileChannel file;
  private final Map<String, T> results;

  private ResultStore(LockFile lock, FileChannel file, Map<String, T> results) {
    this.lock = lock;
    this.file = file;
    this.results = results;
  }

  /**
   * Opens the results; throws {@link CommandRefusedException} if another process writes them or a
   * line is malformed.
   */
  public static <T extends Keyed> ResultStore<T> open(Path directory, Class<T> type)
      throws IOException {
    Path path = directory.resolve("results.jsonl");
    LockFile lock =
        LockFile.take(directory.resolve("results.lock"))
            .orElseThrow(
                () ->
                    new CommandRefusedException(
                        "results must be written by one process at a time: file=%s is in use; choose another --out"
                            .formatted(path)));
    try {
      String text = Files.exists(path) ? Files.readString(path) : "";
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      Map<String, T> results = parse(path, whole, type);
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      file.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
      file.position(file.size());
      return new ResultStore<>(lock, file, results);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static <T extends Keyed> Map<String, T> parse(Path path, String text, Class<T> type) {
    Map<String, T> results = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      try {
        T result = Json.LENIENT.readValue(line, type);
        results.put(result.key(), result);
      } catch (JsonProcessingException e) {
        throw new CommandRefusedException(
            "%s:%d: a line must be a result: %s; remove it, or choose another --out"
                .formatted(path, number, e.getOriginalMessage()));
      }
    }
    return results;
  }

  /** Returns all results by key, in the order in which they were added. */
  public Map<String, T> results() {
    return Collections.unmodifiableMap(results);
  }

  public Optional<T> find(String key) {
    return Optional.ofNullable(results.get(key));
  }

  /** Adds a result; it is on disk when this returns. */
  public void append(T result) throws IOException {
    ByteBuffer line = StandardCharsets.UTF_8.encode(Json.LENIENT.writeValueAsString(result) + "\n");
    while (line.hasRemaining()) {
      file.write(line);
    }
    file.force(true);
    results.put(result.key(), result);
  }

  @Override
  public void close() throws IOException {
    file.close();
    lock.close();
  }
}
