package io.espalier.trainer.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.latency.LatencyTable.MachineProfile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** The latency table {@code latency.json}, shared by processes that add in turn. Thread-safe. */
final class LatencyFile {
  private static final int FORMAT = 1;
  private static final long MAX_BYTES = 1 << 24;

  /** Excludes other threads; the file's lock excludes other processes only. */
  private static final ReentrantLock PROCESS = new ReentrantLock();

  private final Path path;

  private LatencyFile(Path path) {
    this.path = path;
  }

  private record Content(int format, MachineProfile machine, Map<String, LayerTimes> layers) {}

  static LatencyFile of(Path home) {
    return new LatencyFile(home.resolve(LatencyTable.FILE));
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Throws {@link MalformedFileException} if the table is damaged. */
  LatencyTable read() throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw new MalformedFileException(
          path,
          "a table must have at most %d bytes: bytes=%d".formatted(MAX_BYTES, Files.size(path)));
    }
    try {
      Optional<Content> content =
          Optional.ofNullable(Json.STRICT.readValue(Files.readAllBytes(path), Content.class));
      if (content.map(Content::format).orElse(0) != FORMAT) {
        throw new MalformedFileException(
            path,
            "a table must have the format %d: format=%s"
                .formatted(FORMAT, content.map(each -> "" + each.format()).orElse("none")));
      }
      return content.map(each -> new LatencyTable(each.machine(), each.layers())).orElseThrow();
    } catch (JsonProcessingException e) {
      throw new MalformedFileException(
          path,
          "a table must be whole: line=%d, column=%d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          e);
    }
  }

  /** Adds a layer to the file's current content; replaces a damaged or another machine's table. */
  void add(MachineProfile machine, String layer, LayerTimes times) throws IOException {
    PROCESS.lock();
    try (FileChannel channel =
        FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Released with the channel.
      FileLock unused = channel.lock();
      write(present(machine).orElseGet(() -> LatencyTable.of(machine)).with(layer, times));
    } finally {
      PROCESS.unlock();
    }
  }

  private Path lockFile() {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  private Optional<LatencyTable> present(MachineProfile machine) throws IOException {
    if (!exists()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read()).filter(table -> table.machine().equals(machine));
    } catch (MalformedFileException e) {
      return Optional.empty();
    }
  }

  private void write(LatencyTable table) throws IOException {
    byte[] json = json(table).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(path, out -> out.write(json));
  }

  static String json(LatencyTable table) {
    try {
      return Json.STRICT
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(new Content(FORMAT, table.machine(), new TreeMap<>(table.layers())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a table must be writable as JSON", e);
    }
  }
}
