package io.espalier.configs.recipe;

import com.typesafe.config.ConfigValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The order in which the texts of one recipe lie over each other: an include lies below the text
 * that includes it, a recipe below its overrides, and these are equal. Not thread-safe.
 */
final class TextOrder {
  private static final int BELOW_ALL = -1;

  private final Map<String, Integer> ranks = new HashMap<>();
  private final Set<String> stored = new HashSet<>();
  private int next;

  /** Adds a text above those so far; includes end before the text that includes them. */
  void add(String name) {
    ranks.put(name, next++);
  }

  /** Marks a text as one that a program wrote, so that no user can change its keys. */
  void addStored(String name) {
    stored.add(name);
  }

  /** Whether a program wrote a value's text. */
  boolean isStored(ConfigValue value) {
    return stored.contains(HoconText.source(value.origin()));
  }

  /** Whether one value was written in a text below that of another. */
  boolean isBelow(ConfigValue value, ConfigValue other) {
    return rank(value) < rank(other);
  }

  /** The rank of a value's text; of a merged block, that of its highest value. */
  private int rank(ConfigValue value) {
    if (HoconText.isOverride(value)) {
      return Integer.MAX_VALUE;
    }
    return ranks.getOrDefault(
        HoconText.source(value.origin()),
        HoconText.keys(value).values().stream().mapToInt(this::rank).max().orElse(BELOW_ALL));
  }
}
