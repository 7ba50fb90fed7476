package io.espalier.trainer.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.trainer.file.AtomicFile;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table of latencies of an Espalier home, {@code latency.json}. */
public final class LatencyFile {
  private static final int FORMAT = 1;
  private static final long MAX_BYTES = 1 << 24;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final Path path;

  private LatencyFile(Path path) {
    this.path = path;
  }

  /** What the file holds. */
  private record Content(int format, Machine machine, Map<String, LayerTimes> layers) {}

  /** That of a home. */
  public static LatencyFile of(Path home) {
    return new LatencyFile(home.resolve("latency.json"));
  }

  public Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /**
   * Reads the table.
   *
   * @throws MalformedFileException if it is no whole table
   */
  LatencyTable read() throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw new MalformedFileException(
          path,
          "a table must have at most %d bytes: bytes=%d".formatted(MAX_BYTES, Files.size(path)));
    }
    try {
      Optional<Content> content =
          Optional.ofNullable(JSON.readValue(Files.readAllBytes(path), Content.class));
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
          "a table must be whole: line=%d, column=%d; remove the file, and measure again with espalier profile"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          e);
    }
  }

  void write(LatencyTable table) throws IOException {
    byte[] json =
        JSON.writeValueAsBytes(new Content(FORMAT, table.machine(), new TreeMap<>(table.layers())));
    AtomicFile.write(path, out -> out.write(json));
  }
}
