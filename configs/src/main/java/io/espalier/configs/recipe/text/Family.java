package io.espalier.configs.recipe.text;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The registry of one family of choices: the name that a recipe uses → how its keys are read.
 *
 * <p>The defaults of a member's keys are at {@code defaults.<family>.<member>} of {@code
 * reference.conf}, so that no member inherits another's. Immutable.
 */
public final class Family<T> {
  private static final String KIND = Overrides.KIND;

  private final String name;
  private final Map<String, Function<Section, T>> members;
  private final List<String> planned;
  private final List<String> plannedKeys;
  private final List<String> outerKeys;

  private Family(
      String name,
      Map<String, Function<Section, T>> members,
      List<String> planned,
      List<String> plannedKeys,
      List<String> outerKeys) {
    this.name = name;
    this.members = members;
    this.planned = planned;
    this.plannedKeys = plannedKeys;
    this.outerKeys = outerKeys;
  }

  public static <T> Family<T> named(String name) {
    return new Family<>(name, Map.of(), List.of(), List.of(), List.of());
  }

  /** This family with one more member. */
  public Family<T> with(String member, Function<Section, T> reader) {
    Map<String, Function<Section, T>> more = new LinkedHashMap<>(members);
    more.put(member, reader);
    return new Family<>(name, more, planned, plannedKeys, outerKeys);
  }

  /** This family with names, as regular expressions, that only a later version will know. */
  public Family<T> planned(String... patterns) {
    return new Family<>(name, members, List.of(patterns), plannedKeys, outerKeys);
  }

  /** This family with keys that only a later version will know. */
  public Family<T> plannedKeys(String... keys) {
    return new Family<>(name, members, planned, List.of(keys), outerKeys);
  }

  /** This family with keys that whoever asks for a member reads, whichever member it is. */
  public Family<T> outerKeys(String... keys) {
    return new Family<>(name, members, planned, plannedKeys, List.of(keys));
  }

  public String name() {
    return name;
  }

  /** Names of the members, in the order of registration. */
  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  /** Reads a bare name, or a block with a {@code kind}; without either, the default's kind. */
  public T read(Section parent, String key) {
    Optional<ConfigValue> value = parent.at(key);
    Optional<ConfigValue> found = value.flatMap(Family::kind);
    Optional<String> standard =
        parent.defaultAt(key).flatMap(Family::kind).flatMap(HoconText::scalar);
    Optional<String> asked = found.isPresent() ? found.map(Family::text) : standard;
    boolean isMember = asked.filter(members::containsKey).isPresent();
    if (!isMember) {
      refuse(parent, key, found);
    }
    String kind =
        asked.filter(members::containsKey).or(() -> standard).orElseGet(() -> names().get(0));
    ConfigValue keys = value.orElseGet(() -> ConfigFactory.empty().root());
    Section child =
        parent.child(
            key,
            isMember ? keys : shared(HoconText.keys(keys), parent.defaultKeys(key)),
            defaults(kind).withFallback(parent.defaultKeys(key)));
    plannedKeys.forEach(child::unavailable);
    outerKeys.forEach(child::at);
    child.at(KIND);
    child.resolve(KIND, kind);
    T member = child.build(Objects.requireNonNull(members.get(kind)));
    parent.resolve(key, child.resolved().size() == 1 ? kind : child.resolved());
    return member;
  }

  private void refuse(Section parent, String key, Optional<ConfigValue> found) {
    String available = String.join(", ", members.keySet());
    String asked = found.map(Family::text).orElse("");
    if (found.isEmpty()) {
      parent.note(key, "%s must name one of %s".formatted(key, available));
    } else if (planned.stream().anyMatch(asked::matches)) {
      parent.note(
          key,
          found.get(),
          "%s is not available in this version; available: %s".formatted(asked, available));
    } else {
      parent.note(
          key,
          found.get(),
          "%s must be one of %s: %s=%s%s"
              .formatted(
                  key,
                  available,
                  key,
                  HoconText.shown(found.get()),
                  Names.suggestion(asked, members.keySet())));
    }
  }

  /** Of a block whose kind is unknown, the keys that all kinds have. */
  private static ConfigObject shared(ConfigObject block, ConfigObject common) {
    ConfigObject result = block;
    for (String key : block.keySet()) {
      result = common.containsKey(key) ? result : result.withoutKey(key);
    }
    return result;
  }

  /** The defaults of the keys that only one member has. */
  public ConfigObject defaults(String member) {
    return HoconText.at(HoconText.reference(), "defaults")
        .flatMap(all -> HoconText.at(HoconText.keys(all), name))
        .flatMap(all -> HoconText.at(HoconText.keys(all), member))
        .map(HoconText::keys)
        .orElseGet(() -> ConfigFactory.empty().root());
  }

  private static Optional<ConfigValue> kind(ConfigValue value) {
    return value instanceof ConfigObject block ? HoconText.at(block, KIND) : Optional.of(value);
  }

  private static String text(ConfigValue value) {
    return HoconText.scalar(value).orElseGet(() -> HoconText.shown(value));
  }
}
