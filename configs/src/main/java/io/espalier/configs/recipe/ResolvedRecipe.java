package io.espalier.configs.recipe;

import io.espalier.configs.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A recipe after defaults, includes, substitutions and overrides. {@code text} spells out every
 * setting of its version and loads back to an equal {@code config} by {@link RecipeLoader#stored};
 * it has tags only if there are some, as its digest decides whether a checkpoint fits.
 *
 * @param notices sentences for the user about keys that were left out or have another name now
 */
public record ResolvedRecipe(RunConfig config, String text, List<String> notices) {
  public ResolvedRecipe {
    notices = List.copyOf(notices);
  }

  static ResolvedRecipe of(RunConfig config, String text) {
    return new ResolvedRecipe(config, text, List.of());
  }

  /** Returns this recipe with other notices. */
  public ResolvedRecipe noting(List<String> others) {
    return new ResolvedRecipe(config, text, others);
  }

  /** {@code settings} maps a key to a HOCON token, to a list, or to the settings below it. */
  static ResolvedRecipe of(RunConfig config, Map<String, Object> settings) {
    StringBuilder text = new StringBuilder();
    append(text, settings, "");
    return of(config, text.toString());
  }

  private static void append(StringBuilder text, Map<?, ?> settings, String indent) {
    settings.forEach(
        (key, value) -> {
          text.append(indent).append(key);
          if (value instanceof Map<?, ?> below) {
            text.append(" {\n");
            append(text, below, indent + "  ");
            text.append(indent).append("}\n");
          } else if (value instanceof List<?> items) {
            text.append(" = [\n");
            items.forEach(item -> text.append(indent).append("  ").append(line(item)).append('\n'));
            text.append(indent).append("]\n");
          } else {
            text.append(" = ").append(value).append('\n');
          }
        });
  }

  private static String line(Object item) {
    return item instanceof Map<?, ?> settings
        ? settings.entrySet().stream()
            .map(setting -> setting.getKey() + " = " + setting.getValue())
            .collect(Collectors.joining(", ", "{ ", " }"))
        : item.toString();
  }
}
