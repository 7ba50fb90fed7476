package io.espalier.configs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A recipe's choice of a family's member: its name, such as {@code taylor}, and a value per
 * declared key, in order.
 */
public record MemberSettings(String name, Map<String, Object> values) {
  public MemberSettings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  public static MemberSettings of(String name) {
    return new MemberSettings(name, Map.of());
  }

  public MemberSettings with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return new MemberSettings(name, more);
  }

  public boolean is(String member) {
    return name.equals(member);
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

  /** A span, or none. */
  public Optional<Span> optionalSpan(String key) {
    Optional<?> value = value(key, Optional.class);
    return value.map(Span.class::cast);
  }

  /** An absolute path. */
  public Path path(String key) {
    return value(key, Path.class);
  }

  /** All values that are paths. */
  public Map<String, Path> paths() {
    Map<String, Path> paths = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value instanceof Path path) {
            paths.put(key, path);
          }
        });
    return paths;
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

  @Override
  public String toString() {
    return values.isEmpty()
        ? name
        : values.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + shown(entry.getValue()))
            .collect(Collectors.joining(", ", "{ kind = " + name + ", ", " }"));
  }

  private static String shown(Object value) {
    return value instanceof Optional<?> some
        ? some.map(String::valueOf).orElse("none")
        : String.valueOf(value);
  }
}
