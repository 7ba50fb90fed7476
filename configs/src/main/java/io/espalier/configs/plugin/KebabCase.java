package io.espalier.configs.plugin;

import java.util.Set;
import java.util.regex.Pattern;

/** The form of names in a recipe: lower-case words joined by hyphens. */
final class KebabCase {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Set<String> LITERALS = Set.of("true", "false", "null");

  private KebabCase() {}

  static void require(String what, String name) {
    if (!FORM.matcher(name).matches() || LITERALS.contains(name)) {
      throw new IllegalArgumentException(
          "%s must be lower-case words joined by hyphens, and not true, false or null: name='%s'"
              .formatted(what, name));
    }
  }
}
