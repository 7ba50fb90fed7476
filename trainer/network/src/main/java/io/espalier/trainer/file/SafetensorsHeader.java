package io.espalier.trainer.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";

  record Entry(
      String name, StoredTensor.Type type, List<Integer> dimensions, long begin, long end) {}

  static byte[] toJson(Map<String, StoredTensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode root = Json.STRICT.createObjectNode();
    ObjectNode texts = root.putObject(METADATA);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      if (entry.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("a tensor's name must not be " + METADATA);
      }
      StoredTensor tensor = entry.getValue();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      tensor.dimensions().forEach(shape::add);
      long end = offset + StoredTensor.byteLength(tensor.type(), tensor.dimensions());
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    return padded(root);
  }

  /** Returns the header with further texts; {@code json} must be a header that can be parsed. */
  static byte[] withTexts(byte[] json, Map<String, String> texts) throws IOException {
    ObjectNode root = (ObjectNode) Json.STRICT.readTree(json);
    ObjectNode metadata = root.withObjectProperty(METADATA);
    texts.forEach(metadata::put);
    return padded(root);
  }

  private static byte[] padded(ObjectNode root) throws IOException {
    byte[] json = Json.STRICT.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) throws IOException {
    return new Parser(file).parse(json, dataBytes);
  }

  private record Parser(Path file) {
    SafetensorsHeader parse(byte[] json, long dataBytes) throws IOException {
      JsonNode root = tree(json);
      Map<String, String> metadata = new LinkedHashMap<>();
      List<Entry> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : root.properties()) {
        if (field.getKey().equals(METADATA)) {
          metadata.putAll(texts(field.getValue()));
        } else {
          entries.add(entry(field.getKey(), field.getValue()));
        }
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      requireCovered(entries, dataBytes);
      return new SafetensorsHeader(entries, metadata);
    }

    private JsonNode tree(byte[] json) throws IOException {
      try {
        JsonNode root = Json.STRICT.readTree(json);
        if (root.isObject()) {
          return root;
        }
        throw broken("a header must be a JSON object", root);
      } catch (JsonProcessingException e) {
        throw new MalformedFileException(
            file, "a header must be JSON with unique names: " + e.getOriginalMessage(), e);
      }
    }

    private Map<String, String> texts(JsonNode node) throws MalformedFileException {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!field.getValue().isTextual()) {
          throw broken(METADATA + " must hold text only", field);
        }
        texts.put(field.getKey(), field.getValue().textValue());
      }
      return texts;
    }

    private Entry entry(String name, JsonNode node) throws MalformedFileException {
      StoredTensor.Type type = type(name, node.path("dtype"));
      List<Integer> dimensions = new ArrayList<>();
      for (JsonNode length : array(name, node, "shape")) {
        if (!length.isInt() || length.intValue() < 0) {
          throw broken(name + ": shape must hold lengths from 0 to 2147483647", length);
        }
        dimensions.add(length.intValue());
      }
      ArrayNode offsets = array(name, node, "data_offsets");
      if (offsets.size() != 2 || !isOffset(offsets.get(0)) || !isOffset(offsets.get(1))) {
        throw broken(name + ": data_offsets must be two numbers of 0 or more", offsets);
      }
      Entry entry =
          new Entry(name, type, dimensions, offsets.get(0).longValue(), offsets.get(1).longValue());
      requireFilled(entry);
      return entry;
    }

    private StoredTensor.Type type(String name, JsonNode node) throws MalformedFileException {
      for (StoredTensor.Type type : StoredTensor.Type.values()) {
        if (type.name().equals(node.textValue())) {
          return type;
        }
      }
      throw broken(
          name + ": dtype must be one of " + Arrays.toString(StoredTensor.Type.values()), node);
    }

    private ArrayNode array(String name, JsonNode node, String field)
        throws MalformedFileException {
      if (node.path(field) instanceof ArrayNode array) {
        return array;
      }
      throw broken(name + ": must have a list '" + field + "'", node);
    }

    private static boolean isOffset(JsonNode node) {
      return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
    }

    private void requireFilled(Entry entry) throws MalformedFileException {
      long bytes = entry.end() - entry.begin();
      if (bytes < 0 || bytes > Integer.MAX_VALUE - 8 || bytes != byteLength(entry)) {
        throw broken(
            entry.name() + ": data_offsets must span the shape's bytes, below 2 GiB", entry);
      }
    }

    private static long byteLength(Entry entry) {
      try {
        return StoredTensor.byteLength(entry.type(), entry.dimensions());
      } catch (ArithmeticException e) {
        return -1;
      }
    }

    private void requireCovered(List<Entry> entries, long dataBytes) throws MalformedFileException {
      long end = 0;
      for (Entry entry : entries) {
        if (entry.begin() != end) {
          throw broken(
              "tensors must follow one another without gap or overlap, expected begin=" + end,
              entry);
        }
        end = entry.end();
      }
      if (end != dataBytes) {
        throw broken("tensors must cover the file, bytes=" + dataBytes, "end=" + end);
      }
    }

    private MalformedFileException broken(String rule, Object value) {
      String text = value.toString();
      return new MalformedFileException(
          file, rule + ": " + text.substring(0, Math.min(200, text.length())));
    }
  }
}
