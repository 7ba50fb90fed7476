package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A document as a reader of messages puts it together. */
public final class Reader {
  private final SortedMap<String, JsonNode> parts = new TreeMap<>();
  private final SortedMap<String, SortedMap<Long, JsonNode>> series = new TreeMap<>();
  private int snapshots;

  /** Applies the messages about one subject. */
  public void apply(String subject, List<JsonNode> messages) {
    messages.stream()
        .filter(each -> each.path("subject").asText().equals(subject))
        .forEach(this::apply);
  }

  private void apply(JsonNode message) {
    switch (message.path("type").asText()) {
      case "snapshot" -> {
        snapshots++;
        parts.clear();
        series.clear();
      }
      case "change" -> assertThat(snapshots).as("a snapshot comes first").isPositive();
      default -> {
        assertThat(message.path("type").asText()).isEqualTo("absent");
        return;
      }
    }
    for (Map.Entry<String, JsonNode> each : message.path("parts").properties()) {
      if (each.getValue().isNull()) {
        parts.remove(each.getKey());
      } else {
        parts.put(each.getKey(), each.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> each : message.path("series").properties()) {
      change(each.getKey(), each.getValue());
    }
  }

  private void change(String name, JsonNode change) {
    SortedMap<Long, JsonNode> points = series.computeIfAbsent(name, key -> new TreeMap<>());
    boolean all = change.has("all");
    JsonNode table = all ? change.path("all") : change.path("append");
    assertThat(table.path(0)).hasSameSizeAs(table.path(1));
    if (all) {
      points.clear();
    }
    for (int i = 0; i < table.path(0).size(); i++) {
      long x = table.path(0).get(i).asLong();
      assertThat(points.isEmpty() || points.lastKey() < x).as("%s at %s", name, x).isTrue();
      points.put(x, table.path(1).get(i));
    }
  }

  public int snapshots() {
    return snapshots;
  }

  SortedMap<Long, JsonNode> points(String name) {
    return series.getOrDefault(name, new TreeMap<>());
  }

  SortedMap<String, JsonNode> parts() {
    return parts;
  }

  /** {@code {parts, series}} without empty series. */
  public ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putObject("parts").setAll(parts);
    ObjectNode all = document.putObject("series");
    series.forEach(
        (name, points) -> {
          if (!points.isEmpty()) {
            ObjectNode values = all.putObject(name);
            points.forEach((x, y) -> values.set(Long.toString(x), y));
          }
        });
    return document;
  }
}
