package io.espalier.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

final class StreamFile {
  static final String NAME = "stream.json";

  private static final String TOKENS = "tokens";

  private StreamFile() {}

  static void write(Path directory, StreamState state) throws IOException {
    byte[] json = Json.STRICT.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(state);
    AtomicFile.write(directory.resolve(NAME), out -> out.write(json));
  }

  static StreamState read(Path directory, OptionalInt known) throws IOException {
    try {
      StreamState state =
          Json.STRICT.treeToValue(
              withTokens(Json.STRICT.readTree(Files.readAllBytes(directory.resolve(NAME)))),
              StreamState.class);
      int partitions = known.orElse(state.at().offsets().size());
      for (StreamPosition position : List.of(state.at(), state.window(), state.calibration())) {
        if (position.offsets().size() != partitions) {
          throw new DamagedCheckpointException(
              "a stream's offsets must be those of its partitions: file=%s, partitions=%d, offsets=%d"
                  .formatted(NAME, partitions, position.offsets().size()));
        }
      }
      return state;
    } catch (JsonProcessingException e) {
      throw new DamagedCheckpointException(
          "a stream's state must be JSON: file=%s, %s".formatted(NAME, e.getOriginalMessage()), e);
    }
  }

  /** Earlier versions read examples only, which begin where a record does. */
  private static JsonNode withTokens(JsonNode state) {
    for (JsonNode position : state) {
      if (position instanceof ObjectNode fields && !fields.has(TOKENS)) {
        fields.put(TOKENS, 0);
      }
    }
    return state;
  }
}
