package io.espalier.trainer.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.configs.file.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The metadata of a safetensors file: text by name; structures are JSON. */
public final class Metadata {
  public static final String FORMAT = "format";

  /** Files of earlier versions lack fields. */
  private static final JsonMapper JSON =
      Json.STRICT
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Map<String, String> texts;

  private Metadata(Map<String, String> texts) {
    this.texts = texts;
  }

  public static Metadata of(String format) {
    return new Metadata(new LinkedHashMap<>()).put(FORMAT, format);
  }

  public static Metadata of(Map<String, String> texts) {
    return new Metadata(texts);
  }

  public Map<String, String> texts() {
    return texts;
  }

  public boolean hasFormat(String format) {
    return format.equals(texts.get(FORMAT));
  }

  public Metadata put(String name, String text) {
    texts.put(name, text);
    return this;
  }

  public Metadata putJson(String name, Object value) {
    try {
      return put(name, JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("metadata must be plain values: name=" + name, e);
    }
  }

  public String text(String name) {
    return Optional.ofNullable(texts.get(name))
        .orElseThrow(
            () -> new IllegalArgumentException("metadata must have the text: name=" + name));
  }

  public <T> T json(String name, TypeReference<T> type) {
    String text = text(name);
    try {
      return Optional.ofNullable(JSON.readValue(text, type)).orElseThrow(() -> broken(name, text));
    } catch (JsonProcessingException e) {
      throw broken(name, text);
    }
  }

  private static IllegalArgumentException broken(String name, String text) {
    return new IllegalArgumentException(
        "metadata must be JSON of its kind: name=%s, value=%s"
            .formatted(name, text.substring(0, Math.min(100, text.length()))));
  }
}
