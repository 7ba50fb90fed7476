package io.espalier.configs.recipe;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.espalier.configs.InvalidConfigException.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the place of a problem in a recipe. */
final class SourceLocations {
  private static final Pattern ITEM = Pattern.compile("(.+)\\[(\\d+)]");

  private SourceLocations() {}

  /**
   * The problem with file and line of its path, such as {@code model.layers[3].kernel}, or of the
   * enclosing block.
   */
  public static Problem located(Problem problem, ConfigObject recipe) {
    return problem.origin().isPresent()
        ? problem
        : new Problem(place(recipe, problem.path()), problem.path(), problem.message());
  }

  private static Optional<String> place(ConfigObject recipe, String path) {
    ConfigValue nearest = recipe;
    for (String key : path.split("\\.", -1)) {
      Optional<ConfigValue> value = inside(nearest, key);
      if (value.isEmpty()) {
        break;
      }
      nearest = value.get();
    }
    return nearest == recipe ? Optional.empty() : HoconText.place(nearest);
  }

  private static Optional<ConfigValue> inside(ConfigValue around, String key) {
    Matcher item = ITEM.matcher(key);
    if (!item.matches()) {
      return HoconText.at(HoconText.keys(around), key);
    }
    int index = Integer.parseInt(item.group(2));
    return HoconText.at(HoconText.keys(around), item.group(1))
        .filter(list -> list instanceof ConfigList items && index < items.size())
        .map(list -> ((ConfigList) list).get(index));
  }
}
