package io.espalier.trainer.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.TensorSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code model.safetensors.index.json} of Hugging Face: its {@code weight_map} names the file of
 * each tensor, beside it.
 */
final class ShardIndex {
  private static final long MOST_BYTES = 64L << 20;
  private static final String MAP = "weight_map";

  private final Path index;

  private ShardIndex(Path index) {
    this.index = index;
  }

  /** The shards in the order of their names. */
  static List<TensorFile> read(Path index) throws IOException {
    return new ShardIndex(index).shards();
  }

  private List<TensorFile> shards() throws IOException {
    Map<String, String> files = weightMap();
    List<TensorFile> shards = new ArrayList<>();
    Set<String> found = new HashSet<>();
    for (String name : new TreeSet<>(files.values())) {
      TensorFile shard = NetworkFiles.safetensors(index.resolveSibling(requirePlain(name)));
      for (TensorSpan tensor : shard.tensors()) {
        if (!name.equals(files.get(tensor.name()))) {
          throw broken(
              "the index must name the file of each tensor: tensor=%s, file=%s, index=%s"
                  .formatted(tensor.name(), name, files.getOrDefault(tensor.name(), "none")));
        }
        found.add(tensor.name());
      }
      shards.add(shard);
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (!found.contains(file.getKey())) {
        throw broken(
            "each tensor must be in the file that the index names: tensor=%s, file=%s"
                .formatted(file.getKey(), file.getValue()));
      }
    }
    return shards;
  }

  private Map<String, String> weightMap() throws IOException {
    if (Files.size(index) > MOST_BYTES) {
      throw broken(
          "an index must have at most %d bytes: bytes=%d".formatted(MOST_BYTES, Files.size(index)));
    }
    JsonNode map = tree().path(MAP);
    if (!map.isObject() || map.isEmpty()) {
      throw broken("an index must have '%s', an object of file names by tensor".formatted(MAP));
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getValue().isTextual()) {
        throw broken("'%s' must hold file names: tensor=%s".formatted(MAP, entry.getKey()));
      }
      files.put(entry.getKey(), entry.getValue().textValue());
    }
    return files;
  }

  private JsonNode tree() throws IOException {
    try {
      return Json.STRICT.readTree(Files.readAllBytes(index));
    } catch (JsonProcessingException e) {
      throw new MalformedFileException(
          index, "an index must be JSON with unique names: " + e.getOriginalMessage(), e);
    }
  }

  /** A name that leaves the directory would have files elsewhere read, and written. */
  private String requirePlain(String name) throws MalformedFileException {
    if (name.isBlank()
        || name.contains("/")
        || name.contains("\\")
        || name.indexOf('\0') >= 0
        || name.equals("..")
        || name.equals(".")
        || name.equals(index.getFileName().toString())) {
      throw broken("a shard must be a file beside the index: file=" + name);
    }
    return name;
  }

  private MalformedFileException broken(String rule) {
    return new MalformedFileException(index, rule);
  }
}
