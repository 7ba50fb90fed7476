package io.espalier.configs;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a recipe says of a choice that the user brings: its name, and a value for each key that it
 * declares.
 *
 * @param values by key; of the types that the accessors give
 */
public record CustomSettings(String name, Map<String, Object> values) {
  public CustomSettings {
    values = Map.copyOf(values);
  }

  public String text(String key) {
    return value(key, String.class);
  }

  public int whole(String key) {
    return value(key, Integer.class);
  }

  /** A number, or a share as a number from 0 to 1. */
  public double number(String key) {
    return value(key, Double.class);
  }

  public boolean flag(String key) {
    return value(key, Boolean.class);
  }

  public Span span(String key) {
    return value(key, Span.class);
  }

  /** An absolute path. */
  public Path path(String key) {
    return value(key, Path.class);
  }

  private <T> T value(String key, Class<T> type) {
    Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "a key must be declared, and read as what it is declared as: key=%s, read as=%s, value=%s, declared=%s"
              .formatted(
                  key,
                  type.getSimpleName(),
                  value,
                  String.join(", ", new TreeSet<>(values.keySet()))));
    }
    return type.cast(value);
  }
}
