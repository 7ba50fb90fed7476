package io.espalier.telemetry.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares a schema with the record whose JSON form it describes, through all that is nested. */
final class RecordShape {
  private static final Map<Type, Set<String>> PLAIN =
      Map.of(
          String.class, Set.of("string"),
          int.class, Set.of("integer"),
          Integer.class, Set.of("integer"),
          long.class, Set.of("integer"),
          Long.class, Set.of("integer"),
          double.class, Set.of("number"),
          Double.class, Set.of("number"),
          boolean.class, Set.of("boolean"),
          OptionalDouble.class, Set.of("number", "null"),
          OptionalLong.class, Set.of("integer", "null"));
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private final Set<String> optional;
  private final List<String> problems = new ArrayList<>();

  private RecordShape(Set<String> optional) {
    this.optional = optional;
  }

  /**
   * Where the two differ; nothing if they do not.
   *
   * @param optional fields that older versions did not write, {@code Record.field}
   */
  static List<String> problems(Class<?> record, JsonNode schema, Set<String> optional) {
    RecordShape shape = new RecordShape(optional);
    shape.record(record, Set.of("object"), schema, record.getSimpleName());
    return shape.problems;
  }

  private void value(Type type, JsonNode schema, String path) {
    if (PLAIN.containsKey(type)) {
      types(PLAIN.get(type), schema, path);
    } else if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        types(Set.of("array"), schema, path);
        value(arguments[0], schema.path("items"), path + "[]");
      } else if (generic.getRawType() == Map.class) {
        types(Set.of("object"), schema, path);
        value(arguments[1], schema.path("additionalProperties"), path + "{}");
      } else if (generic.getRawType() == Optional.class) {
        optional(arguments[0], schema, path);
      } else {
        throw new IllegalArgumentException("a field must have a known type: type=" + type);
      }
    } else {
      record((Class<?>) type, Set.of("object"), schema, path);
    }
  }

  private void optional(Type type, JsonNode schema, String path) {
    if (type == String.class) {
      types(Set.of("string", "null"), schema, path);
    } else {
      record((Class<?>) type, Set.of("object", "null"), schema, path);
    }
  }

  private void record(Class<?> record, Set<String> wanted, JsonNode schema, String path) {
    types(wanted, schema, path);
    List<String> names =
        Stream.of(record.getRecordComponents()).map(RecordComponent::getName).toList();
    List<String> described = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(described::add);
    if (!names.equals(described)) {
      problems.add("%s: has %s, described are %s".formatted(path, names, described));
    }
    List<String> needed =
        names.stream()
            .filter(name -> !optional.contains(record.getSimpleName() + "." + name))
            .toList();
    if (!needed.equals(texts(schema.path("required")))) {
      problems.add("%s: must require %s".formatted(path, needed));
    }
    for (RecordComponent component : record.getRecordComponents()) {
      JsonNode property = schema.path("properties").path(component.getName());
      String at = path + "." + component.getName();
      if (property.path("description").asText().isBlank()) {
        problems.add(at + ": has no description");
      }
      value(component.getGenericType(), property, at);
    }
  }

  private void types(Set<String> wanted, JsonNode schema, String path) {
    if (!wanted.equals(types(schema))) {
      problems.add("%s: is %s, described as %s".formatted(path, wanted, types(schema)));
    }
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new TreeSet<>();
    JsonNode type = schema.path("type");
    types.addAll(type.isTextual() ? List.of(type.asText()) : texts(type));
    for (JsonNode choice : schema.path("anyOf")) {
      boolean notFinite = new LinkedHashSet<>(texts(choice.path("enum"))).equals(NOT_FINITE);
      types.addAll(notFinite ? Set.of("number") : types(choice));
    }
    return types;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
