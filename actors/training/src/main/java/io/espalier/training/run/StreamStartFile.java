package io.espalier.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.telemetry.kafka.TopicStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a run began to read its topic, as {@code stream.json} in its directory. */
final class StreamStartFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Path file;

  StreamStartFile(Path runDirectory) {
    file = runDirectory.resolve("stream.json");
  }

  Optional<TopicStart> read() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), TopicStart.class));
    } catch (JsonProcessingException e) {
      throw InvalidConfigException.of(
          file.toString(),
          "must say where the run began to read its topic: %s; start a new run"
              .formatted(e.getOriginalMessage()));
    }
  }

  /** Writes it once and for all; when this returns, it survives the loss of power. */
  void write(TopicStart start) throws IOException {
    byte[] json = JSON.writeValueAsBytes(start);
    AtomicFile.write(file, out -> out.write(json));
  }
}
