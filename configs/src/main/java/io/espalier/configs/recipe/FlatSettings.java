package io.espalier.configs.recipe;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import io.espalier.configs.InvalidConfigException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The settings of a resolved recipe by their keys, for comparisons. */
public final class FlatSettings {
  private static final int MOST = 200;

  private FlatSettings() {}

  /**
   * Settings such as {@code prune.sparsity → 0.9}, without the names of the run; long values are
   * shortened. Empty if the text is no recipe.
   */
  public static SortedMap<String, String> of(String recipe) {
    SortedMap<String, String> settings = new TreeMap<>();
    try {
      for (Map.Entry<String, ConfigValue> entry :
          HoconText.text("recipe", recipe).toConfig().entrySet()) {
        String key = entry.getKey();
        boolean names = key.equals("name") || key.equals("tags") || key.startsWith("parent.");
        if (!names && settings.size() < MOST) {
          settings.put(
              key,
              HoconText.scalar(entry.getValue())
                  .orElseGet(() -> HoconText.shown(entry.getValue())));
        }
      }
    } catch (InvalidConfigException | ConfigException e) {
      return new TreeMap<>();
    }
    return settings;
  }
}
