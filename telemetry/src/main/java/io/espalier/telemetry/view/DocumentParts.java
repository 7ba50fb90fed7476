package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The named parts of a document and the version of their last change. Not thread-safe. */
final class DocumentParts {
  private static final int MOST_REMOVED = 1_000;

  private final Map<String, Part> parts = new LinkedHashMap<>();
  private int removed;
  private long forgotten = -1;

  private record Part(JsonNode json, long version) {}

  /** Replaces a part; an equal one keeps its version. */
  void set(String name, JsonNode json, long version) {
    Part old = parts.get(name);
    if (old == null || !old.json().equals(json)) {
      parts.put(name, new Part(json, version));
      removed -= old != null && old.json().isNull() ? 1 : 0;
    }
  }

  /** Removes a part; readers see it as null. */
  void remove(String name, long version) {
    Part old = parts.get(name);
    if (old == null || old.json().isNull()) {
      return;
    }
    parts.put(name, new Part(NullNode.instance, version));
    if (++removed > MOST_REMOVED) {
      parts.values().removeIf(part -> part.json().isNull());
      removed = 0;
      forgotten = version;
    }
  }

  boolean remembers(long version) {
    return version >= forgotten;
  }

  /** Removes the parts with {@code prefix} whose names are not in {@code names}. */
  void retain(String prefix, Set<String> names, long version) {
    parts.keySet().stream()
        .filter(name -> name.startsWith(prefix) && !names.contains(name))
        .toList()
        .forEach(name -> remove(name, version));
  }

  ObjectNode all() {
    ObjectNode all = ViewJson.object();
    parts.forEach(
        (name, part) -> {
          if (!part.json().isNull()) {
            all.set(name, part.json());
          }
        });
    return all;
  }

  /** Returns the parts changed after {@code version}, null where removed. */
  ObjectNode since(long version) {
    ObjectNode changed = ViewJson.object();
    parts.forEach(
        (name, part) -> {
          if (part.version() > version) {
            changed.set(name, part.json());
          }
        });
    return changed;
  }
}
