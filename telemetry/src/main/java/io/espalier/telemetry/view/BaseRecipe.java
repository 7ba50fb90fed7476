package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.FlatSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.Recipes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shipped recipe that a run is named for, and the settings in which the run differs from it.
 */
final class BaseRecipe {
  private static final Map<String, SortedMap<String, String>> SHIPPED = new ConcurrentHashMap<>();

  private BaseRecipe() {}

  /**
   * Returns {@code {recipe, changed: [{key, base, run}]}}; a side that lacks the key has no value.
   * Empty where no recipe of that name is shipped or the run's settings are unknown.
   */
  static Optional<ObjectNode> of(String name, SortedMap<String, String> settings) {
    if (settings.isEmpty() || !Recipes.names().contains(name)) {
      return Optional.empty();
    }
    SortedMap<String, String> base = SHIPPED.computeIfAbsent(name, BaseRecipe::shipped);
    ObjectNode json = ViewJson.object().put("recipe", name);
    ArrayNode changed = json.putArray("changed");
    SortedSet<String> keys = new TreeSet<>(base.keySet());
    keys.addAll(settings.keySet());
    for (String key : keys) {
      Optional<String> before = Optional.ofNullable(base.get(key));
      Optional<String> now = Optional.ofNullable(settings.get(key));
      if (!before.equals(now)) {
        ObjectNode one = changed.addObject().put("key", key);
        before.ifPresent(value -> one.put("base", value));
        now.ifPresent(value -> one.put("run", value));
      }
    }
    return base.isEmpty() ? Optional.empty() : Optional.of(json);
  }

  private static SortedMap<String, String> shipped(String name) {
    try {
      String text = Recipes.text(name).orElseThrow();
      return FlatSettings.of(
          new RecipeLoader().parse(name + Recipes.EXTENSION, text, List.of()).text());
    } catch (InvalidConfigException | IllegalStateException e) {
      // A recipe may need another run's files, and a program without masks and trainer has no
      // loader.
      return new TreeMap<>();
    }
  }
}
