package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The manifests of a run's checkpoints, read and changed as another version would write them. */
final class StoredManifests {
  private StoredManifests() {}

  static List<ObjectNode> of(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
      List<Path> found = files.filter(path -> path.endsWith("manifest.json")).toList();
      assertThat(found).isNotEmpty();
      List<ObjectNode> manifests = new ArrayList<>();
      for (Path file : found) {
        manifests.add((ObjectNode) Json.STRICT.readTree(file.toFile()).get("manifest"));
      }
      return manifests;
    }
  }

  static void change(Path run, Consumer<ObjectNode> change) throws IOException {
    ObjectWriter writer = Json.STRICT.writer(SerializationFeature.INDENT_OUTPUT);
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
      for (Path file : files.filter(path -> path.endsWith("manifest.json")).toList()) {
        ObjectNode sealed = (ObjectNode) Json.STRICT.readTree(file.toFile());
        ObjectNode manifest = (ObjectNode) sealed.get("manifest");
        change.accept(manifest);
        sealed.put("sha256", Sha256.ofText(writer.writeValueAsString(manifest)));
        writer.writeValue(file.toFile(), sealed);
      }
    }
  }
}
