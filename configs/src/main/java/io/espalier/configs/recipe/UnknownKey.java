package io.espalier.configs.recipe;

import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Set;

/** Writes the error about a key that a section does not have. */
final class UnknownKey {
  /** Kinds that an error names at most. */
  private static final int MOST_SHOWN = 6;

  private UnknownKey() {}

  static String ofNone(String key, ConfigValue value, Set<String> known) {
    return "unknown key: %s=%s; known keys: %s%s"
        .formatted(
            key, HoconText.shown(value), String.join(", ", known), KeySuggestion.of(key, known));
  }

  /** Returns the error about a key that other kinds of the same family have. */
  static String ofOtherKinds(
      String key, String shown, List<String> owners, String kind, Set<String> known) {
    return "%s is a key of %s %s, not of %s: %s; known keys: %s"
        .formatted(
            key,
            owners.size() == 1 ? "kind" : "kinds",
            shortened(owners),
            kind,
            shown,
            String.join(", ", known));
  }

  private static String shortened(List<String> kinds) {
    return String.join(", ", kinds.subList(0, Math.min(MOST_SHOWN, kinds.size())))
        + (kinds.size() > MOST_SHOWN ? " and others" : "");
  }
}
