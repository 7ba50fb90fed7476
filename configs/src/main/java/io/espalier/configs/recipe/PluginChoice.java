package io.espalier.configs.recipe;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.configs.Rules.Violation;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * How a family reads members on the class path; members may not declare reserved keys, {@code
 * maker} may read them.
 */
record PluginChoice<T>(
    PluginKind kind, Set<String> reserved, BiFunction<Section, MemberSettings, T> maker) {

  T read(Section section, Plugin member) {
    List<PluginKeys.Key> keys = member.keys().list();
    Map<String, Object> values = new LinkedHashMap<>();
    keys.forEach(key -> values.put(key.name(), value(section, key)));
    MemberSettings settings = new MemberSettings(member.name(), values);
    if (keys.stream().map(PluginKeys.Key::name).anyMatch(reserved::contains)) {
      section.note(
          Overrides.KIND,
          "%s must not declare a key that all of its family have: keys=%s, reserved=%s"
              .formatted(PluginGuard.of(member), values.keySet(), reserved));
    } else if (values.keySet().stream().allMatch(section::isSound)) {
      check(section, member, settings);
    }
    return maker.apply(section, settings);
  }

  String clash(String name, List<Plugin> members, boolean builtIn) {
    return "%s must name one %s only: %s%s; change a name()"
        .formatted(
            name,
            kind.word(),
            builtIn ? "it is built in, and also the name of " : "it is the name of ",
            PluginRegistry.classes(members));
  }

  private static void check(Section section, Plugin member, MemberSettings settings) {
    try {
      member.check(settings);
    } catch (BrokenRulesException e) {
      for (Violation violation : e.violations()) {
        section.note(violation);
      }
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      section.note(
          Overrides.KIND,
          "%s failed to check its settings: %s".formatted(PluginGuard.of(member), e));
    }
  }

  private static Object value(Section section, PluginKeys.Key key) {
    return switch (key.type()) {
      case TEXT -> value(section, key, Notation.TEXT, String.class, "");
      case NAME -> value(section, key, Notation.NAME, String.class, "");
      case WHOLE -> value(section, key, Notation.WHOLE, Integer.class, 0);
      case NUMBER -> value(section, key, Notation.REAL, Double.class, 0.0);
      case SHARE -> share(section, key);
      case FLAG -> value(section, key, Notation.FLAG, Boolean.class, false);
      case SPAN -> value(section, key, Notation.SPAN_OF_RUN, Span.class, new Span.Steps(0));
      case OPTIONAL_SPAN -> optionalSpan(section, key);
      case PATH -> value(section, key, Notation.PATH, Path.class, Path.of(""));
    };
  }

  private static Optional<Span> optionalSpan(Section section, PluginKeys.Key key) {
    if (key.standard().isEmpty()) {
      return section.required(key.name(), Notation.OPTIONAL_SPAN, key.meaning(), Optional.empty());
    }
    Optional<?> standard = (Optional<?>) key.standard().get();
    return section
        .optional(key.name(), Notation.OPTIONAL_SPAN)
        .orElseGet(() -> standard.map(Span.class::cast));
  }

  private static double share(Section section, PluginKeys.Key key) {
    double share = value(section, key, Notation.SHARE, Double.class, 0.0);
    if (!(share >= 0 && share <= 1)) {
      section.note(new Violation(key.name(), share, "a share from 0% to 100%", List.of()));
    }
    return share;
  }

  private static <V> V value(
      Section section, PluginKeys.Key key, Notation<V> notation, Class<V> type, V standIn) {
    return key.standard()
        .map(standard -> section.value(key.name(), notation, type.cast(standard)))
        .orElseGet(() -> section.required(key.name(), notation, key.meaning(), standIn));
  }
}
