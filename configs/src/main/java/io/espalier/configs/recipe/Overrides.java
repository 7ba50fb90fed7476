package io.espalier.configs.recipe;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Map;
import java.util.Optional;

/**
 * Lays overrides over a recipe. HOCON replaces a string by an object, so {@code
 * prune.schedule.begin=5%} would lose the kind in {@code schedule = one-shot}; here the name first
 * becomes the object's {@code kind}, that of {@code model.weights} its {@code file}, and a file as
 * {@code data.vocabulary} its {@code path}.
 */
final class Overrides {
  public static final String KIND = "kind";

  /** Keys whose bare value abbreviates another key than {@code kind}. */
  private static final Map<String, String> SHORT_FOR = Map.of("weights", "file");

  /** Families whose bare name an including text may follow by a block of keys. */
  private static final ConfigObject CHOICES =
      ConfigFactory.parseString(
              """
              data {}
              model { initial {} }
              train { optimizer {}, learning-rate {}, objective {}, average {}, stop-early {} }
              prune {
                granularity {}, score {}, allocation {}, selection {}
                schedule {}, mask {}, regrowth {}, refit {}
              }
              federation { aggregation {} }
              """)
          .root();

  private Overrides() {}

  /**
   * An include with the names of its choices as {@code kind}s, so that a block of the text that
   * includes it changes some of their keys.
   */
  public static ConfigObject included(ConfigObject text) {
    return withKinds(text, CHOICES);
  }

  public static ConfigObject over(ConfigObject recipe, ConfigObject override) {
    return override.withFallback(withKinds(recipe, override));
  }

  private static ConfigObject withKinds(ConfigObject recipe, ConfigObject override) {
    ConfigObject result = recipe;
    for (Map.Entry<String, ConfigValue> entry : override.entrySet()) {
      if (entry.getValue() instanceof ConfigObject inner) {
        ConfigObject below =
            child(recipe, entry.getKey())
                .map(value -> asObject(entry.getKey(), value, inner))
                .orElse(ConfigFactory.empty().root());
        result = below.isEmpty() ? result : result.withValue(entry.getKey(), below);
      }
    }
    return result;
  }

  private static ConfigObject asObject(String key, ConfigValue given, ConfigObject override) {
    ConfigValue value =
        key.equals(DataFamilies.VOCABULARY.name())
            ? DataFamilies.VOCABULARY.spelledOut(given)
            : given;
    if (value instanceof ConfigObject object) {
      return withKinds(object, override);
    }
    return value.valueType() == ConfigValueType.STRING
        ? value.atKey(SHORT_FOR.getOrDefault(key, KIND)).root()
        : ConfigFactory.empty().root();
  }

  /** The value at a key, unless there is none or a substitution decides it. */
  private static Optional<ConfigValue> child(ConfigObject object, String key) {
    try {
      Optional<ConfigValue> value = Optional.ofNullable(object.get(key));
      value.ifPresent(ConfigValue::valueType);
      return value;
    } catch (ConfigException.NotResolved e) {
      return Optional.empty();
    }
  }
}
