package io.espalier.configs.recipe;

import java.util.Collection;
import java.util.List;

/** Finds the key that a user probably meant, in the whole recipe. */
final class KeySuggestion {
  private static final int MOST = 3;

  private KeySuggestion() {}

  /** The paths of keys, without those of list items; read at the first unknown key. */
  private static final class Paths {
    private static final List<String> ALL = all();

    private static List<String> all() {
      RecipeReference reference;
      try {
        reference = RecipeReference.installed();
      } catch (IllegalStateException e) {
        // A class path without masks or trainer has no members to ask.
        return List.of();
      }
      return reference.keys().stream()
          .map(RecipeReference.Key::path)
          .filter(path -> !path.contains("[]"))
          .distinct()
          .toList();
    }
  }

  /**
   * {@code "; did you mean …?"} with the paths of keys of this name elsewhere, or else the nearest
   * name; nothing without either.
   *
   * @param known the keys of the block that lacks this one
   */
  static String of(String key, Collection<String> known) {
    List<String> elsewhere = named(key);
    if (!elsewhere.isEmpty() && elsewhere.size() <= MOST) {
      return "; did you mean %s?".formatted(String.join(" or ", elsewhere));
    }
    String near = NameSuggestion.suggestion(key, known);
    return near.isEmpty() ? nearElsewhere(key) : near;
  }

  private static String nearElsewhere(String key) {
    return NameSuggestion.nearestOfMany(key, Paths.ALL.stream().map(KeySuggestion::name).toList())
        .map(KeySuggestion::named)
        .filter(paths -> paths.size() <= MOST)
        .map(paths -> "; did you mean %s?".formatted(String.join(" or ", paths)))
        .orElse("");
  }

  private static List<String> named(String key) {
    return Paths.ALL.stream().filter(path -> name(path).equals(key)).toList();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
