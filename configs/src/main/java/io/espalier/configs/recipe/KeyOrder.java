package io.espalier.configs.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Orders entries by the paths of their keys. */
final class KeyOrder {
  private KeyOrder() {}

  /** Moves the entries of these keys, and those below them, to the front. */
  static <T> void toFront(List<String> keys, Map<String, T> entries) {
    Map<String, T> read = new LinkedHashMap<>(entries);
    entries.clear();
    for (String key : keys) {
      read.forEach(
          (path, entry) -> {
            if (path.equals(key) || path.startsWith(key + ".")) {
              entries.put(path, entry);
            }
          });
    }
    read.forEach(entries::putIfAbsent);
  }
}
