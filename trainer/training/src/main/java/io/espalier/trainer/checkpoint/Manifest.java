package io.espalier.trainer.checkpoint;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.execution.BackEnd;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The content of {@code manifest.json}, whose fields stand side by side in the file.
 *
 * @param capability of the engine; empty where it takes no part in the rest of the run, and where
 *     an earlier version wrote the file
 * @param arithmetic revision of that of plain Java
 * @param files SHA-256 of every other file, by name
 */
record Manifest(
    @JsonUnwrapped ManifestHeader header,
    RunIdentity identity,
    @JsonUnwrapped StateFacts state,
    @JsonUnwrapped Totals totals,
    String capability,
    int arithmetic,
    Map<String, String> files) {
  static final int FORMAT = 3;

  /** Files of this format have no layout: their network is uncut. */
  static final int BEFORE_LAYOUTS = 2;

  static final long UNCOUNTED = -1;

  static final String FILE = "manifest.json";
  private static final long MAX_BYTES = 1 << 20;
  private static final ObjectWriter WRITER = Json.STRICT.writer(SerializationFeature.INDENT_OUTPUT);

  private static final List<String> FIELDS = fields(Manifest.class).toList();

  Manifest {
    files = new TreeMap<>(files);
  }

  record ManifestHeader(int format, long term, String codeVersion) {}

  /**
   * Describes what the other files hold.
   *
   * @param layoutDigest of the network at that time, which may have fewer channels than the run's
   * @param stateDigest as replicas compute it, over values, moments, step and masks
   */
  record StateFacts(
      String layoutDigest,
      long step,
      int maskVersion,
      long updatedAt,
      boolean recalibrated,
      String stateDigest) {}

  /**
   * Sums over all steps.
   *
   * @param bytesSentDense cost of the same syncs without masks
   * @param executedMacs of the forward passes; {@link #UNCOUNTED} where an earlier version wrote
   *     the file
   */
  record Totals(long bytesSent, long bytesSentDense, long executedMacs, double trainedSeconds) {}

  private record Sealed(Manifest manifest, String sha256) {}

  void write(Path directory) throws IOException {
    byte[] json = WRITER.writeValueAsBytes(new Sealed(this, digest(Json.STRICT.valueToTree(this))));
    AtomicFile.write(directory.resolve(FILE), out -> out.write(json));
  }

  static Manifest read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new DamagedCheckpointException(
          "a checkpoint must have a manifest of at most %d bytes: file=%s"
              .formatted(MAX_BYTES, FILE));
    }
    ObjectNode manifest = verified(Files.readAllBytes(file));
    try {
      if (manifest.path("format").asInt() == BEFORE_LAYOUTS) {
        manifest.set("layoutDigest", manifest.path("identity").path("layoutDigest"));
      }
      if (!manifest.has("executedMacs")) {
        manifest.put("executedMacs", UNCOUNTED);
      }
      if (!manifest.has("capability")) {
        manifest.put("capability", EngineCapability.NONE);
      }
      if (!manifest.has("arithmetic")) {
        manifest.put("arithmetic", BackEnd.FIRST_ARITHMETIC);
      }
      requireKnown(manifest);
      return Json.STRICT.treeToValue(manifest, Manifest.class);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** A mapping to records whose fields stand side by side ignores other fields. */
  private static void requireKnown(ObjectNode manifest) throws DamagedCheckpointException {
    List<String> unknown = new ArrayList<>();
    manifest.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw new DamagedCheckpointException(
          "a manifest must have the fields of format %d only: file=%s, unknown=%s"
              .formatted(FORMAT, FILE, unknown));
    }
  }

  private static Stream<String> fields(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .flatMap(
            each ->
                each.getType() == RunIdentity.class || !each.getType().isRecord()
                    ? Stream.of(each.getName())
                    : fields(each.getType()));
  }

  private static ObjectNode verified(byte[] json) throws IOException {
    try {
      JsonNode sealed = Json.STRICT.readTree(json);
      if (!(sealed.path("manifest") instanceof ObjectNode manifest)
          || !digest(manifest).equals(sealed.path("sha256").asText())) {
        throw new DamagedCheckpointException(
            "a manifest must have the SHA-256 that it names: file=%s, named=%s"
                .formatted(FILE, sealed.path("sha256").asText("none")));
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  private static DamagedCheckpointException malformed(JsonProcessingException e) {
    return new DamagedCheckpointException(
        "a manifest must be JSON of format %d: file=%s, %s"
            .formatted(FORMAT, FILE, e.getOriginalMessage()),
        e);
  }

  private static String digest(JsonNode manifest) throws IOException {
    return Sha256.ofText(WRITER.writeValueAsString(manifest));
  }
}
