package io.espalier.service.notice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.recipe.NameSuggestion;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A block of the settings of notices, whose problems are collected. A value that is missing or of
 * another type is absent. Not thread-safe.
 *
 * @param prefix of its keys, such as {@code destinations.ops.}
 */
record NoticeSection(Path file, Config config, String prefix, List<Problem> problems) {
  Collection<String> keys() {
    return config.root().keySet();
  }

  void requireOnly(List<String> known) {
    for (String key : keys()) {
      if (!known.contains(key)) {
        add(
            key,
            "must be a key that is known: key=%s; known: %s%s"
                .formatted(key, String.join(", ", known), NameSuggestion.suggestion(key, known)));
      }
    }
  }

  /** Notes a problem unless {@code holds}; {@code rule} completes "must be …". */
  boolean require(String key, Object value, boolean holds, String rule) {
    if (!holds) {
      int wayOut = rule.indexOf(';');
      add(
          key,
          wayOut < 0
              ? "must be %s: %s=%s".formatted(rule, key, value)
              : "must be %s: %s=%s%s"
                  .formatted(rule.substring(0, wayOut), key, value, rule.substring(wayOut)));
    }
    return holds;
  }

  void add(String key, String message) {
    problems.add(new Problem(Optional.of(file.toString()), prefix + key, message));
  }

  /** The block at a path of keys, quoted where they need it. */
  Optional<NoticeSection> section(String path) {
    String inside = prefix + path.replace("\"", "") + ".";
    return read(path, "a block in braces", Config::getConfig)
        .map(inner -> new NoticeSection(file, inner, inside, problems));
  }

  Optional<String> text(String key) {
    return read(key, "a text", Config::getString);
  }

  Optional<String> required(String key, String example) {
    Optional<String> text = text(key);
    if (!config.hasPathOrNull(key)) {
      add(key, "must be given; write %s = %s".formatted(key, example));
    }
    return text;
  }

  List<String> texts(String key) {
    return read(key, "a list of texts", Config::getStringList).orElse(List.of());
  }

  Optional<Integer> number(String key) {
    return read(key, "a whole number", Config::getInt);
  }

  Optional<Duration> duration(String key) {
    return read(key, "a time such as 90s, 30m or 1d", Config::getDuration);
  }

  boolean flag(String key) {
    return read(key, "true or false", Config::getBoolean).orElse(false);
  }

  /** A path, relative to the directory of the settings. */
  Optional<Path> path(String key) {
    return text(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(file.toAbsolutePath().resolveSibling(text).normalize());
              } catch (InvalidPathException e) {
                add(key, "must be a path: %s=%s".formatted(key, text));
                return Optional.empty();
              }
            });
  }

  /** A refusal does not show the value, which may be a secret in the wrong place. */
  private <T> Optional<T> read(String path, String type, BiFunction<Config, String, T> reader) {
    try {
      return config.hasPath(path) ? Optional.of(reader.apply(config, path)) : Optional.empty();
    } catch (ConfigException e) {
      add(path.replace("\"", ""), "must be " + type);
      return Optional.empty();
    }
  }
}
