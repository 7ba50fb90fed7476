package io.espalier.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.ValidationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stores what the evaluations have decided in a run that keeps its best state or may end early. */
final class ValidationFile {
  static final String NAME = "validation.json";

  private static final String BITS = "bits";

  private ValidationFile() {}

  static boolean isPartOf(PreparedRun run) {
    TrainConfig train = run.config().train();
    return train.keep().best() || train.clock().stopEarly().isPresent();
  }

  static void write(Path directory, ValidationRecord record) throws IOException {
    byte[] json = Json.STRICT.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(record);
    AtomicFile.write(directory.resolve(NAME), out -> out.write(json));
  }

  static ValidationRecord read(Path directory) throws IOException {
    try {
      return Json.STRICT.treeToValue(
          withBits(Json.STRICT.readTree(Files.readAllBytes(directory.resolve(NAME)))),
          ValidationRecord.class);
    } catch (JsonProcessingException e) {
      throw new DamagedCheckpointException(
          "the record of evaluations must be JSON: file=%s, %s"
              .formatted(NAME, e.getOriginalMessage()),
          e);
    }
  }

  /** Only scores of texts have bits. */
  private static JsonNode withBits(JsonNode record) {
    for (JsonNode score : record) {
      if (score instanceof ObjectNode fields && !fields.has(BITS)) {
        fields.putNull(BITS);
      }
    }
    return record;
  }
}
