package io.espalier.configs.recipe;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registry of one family of choices: the name that a recipe uses → how its keys are read. The
 * defaults of a member's keys are at {@code defaults.<family>.<member>} of {@code reference.conf},
 * so that no member inherits another's. Immutable.
 */
final class Family<T> {
  private static final String KIND = Overrides.KIND;
  private static final Pattern NUMBER = Pattern.compile("[-+]?[.0-9][-+.0-9eE]* ?%?");

  private final String name;
  private final Map<String, Function<Section, T>> members;
  private final List<String> planned;
  private final List<String> outerKeys;
  private final List<Shorthand> shorthands;
  private final Optional<PluginChoice<T>> plugins;
  private final Map<String, RenamedKeys> renamed;

  /** A value that errors find where {@code place} is. */
  private static ConfigValue at(ConfigValue place, String value) {
    return ConfigValueFactory.fromAnyRef(value).withOrigin(place.origin());
  }

  /** A text that stands for a member with keys: one for each group of the pattern. */
  private record Shorthand(Pattern pattern, String member, List<String> keys) {
    Optional<ConfigValue> spelledOut(ConfigValue text) {
      Matcher matcher = pattern.matcher(Family.text(text));
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Map<String, Object> block = new LinkedHashMap<>();
      block.put(KIND, at(text, member));
      for (int i = 0; i < keys.size(); i++) {
        block.put(keys.get(i), at(text, matcher.group(i + 1)));
      }
      return Optional.of(ConfigValueFactory.fromMap(block).withOrigin(text.origin()));
    }
  }

  private Family(
      String name,
      Map<String, Function<Section, T>> members,
      List<String> planned,
      List<String> outerKeys,
      List<Shorthand> shorthands,
      Optional<PluginChoice<T>> plugins,
      Map<String, RenamedKeys> renamed) {
    this.name = name;
    this.members = members;
    this.planned = planned;
    this.outerKeys = outerKeys;
    this.shorthands = shorthands;
    this.plugins = plugins;
    this.renamed = renamed;
  }

  public static <T> Family<T> named(String name) {
    return new Family<>(
        name, Map.of(), List.of(), List.of(), List.of(), Optional.empty(), Map.of());
  }

  /** Enum constants in lower case with hyphens. */
  public static <E extends Enum<E>> Family<E> of(String name, Class<E> type) {
    Family<E> family = named(name);
    for (E constant : type.getEnumConstants()) {
      String kind = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      family = family.with(kind, section -> constant);
    }
    return family;
  }

  /** A family whose members, built-in ones too, are found on the class path. */
  public static Family<MemberSettings> members(String name, PluginKind kind) {
    return Family.<MemberSettings>named(name).plugins(kind, (section, settings) -> settings);
  }

  public Family<T> with(String member, Function<Section, T> reader) {
    Map<String, Function<Section, T>> more = new LinkedHashMap<>(members);
    more.put(member, reader);
    return new Family<>(name, more, planned, outerKeys, shorthands, plugins, renamed);
  }

  /** Adds regular expressions of names that only a later version knows. */
  public Family<T> planned(String... patterns) {
    return new Family<>(name, members, List.of(patterns), outerKeys, shorthands, plugins, renamed);
  }

  /**
   * Adds members on the class path.
   *
   * @param maker makes the config from a member's settings; it may read the reserved keys
   * @param reserved keys that all members have
   */
  public Family<T> plugins(
      PluginKind kind, BiFunction<Section, MemberSettings, T> maker, String... reserved) {
    PluginChoice<T> choice = new PluginChoice<>(kind, Set.of(reserved), maker);
    return new Family<>(
        name, members, planned, outerKeys, shorthands, Optional.of(choice), renamed);
  }

  /** Adds keys that the caller reads for every member. */
  public Family<T> outerKeys(String... keys) {
    return new Family<>(name, members, planned, List.of(keys), shorthands, plugins, renamed);
  }

  /** Adds a pattern of texts for a member, whose groups are the values of these keys. */
  public Family<T> shorthand(String pattern, String member, String... keys) {
    List<Shorthand> more = new ArrayList<>(shorthands);
    more.add(new Shorthand(Pattern.compile(pattern), member, List.of(keys)));
    return new Family<>(name, members, planned, outerKeys, more, plugins, renamed);
  }

  /** Adds former names of keys, which recipes may still use, to the readers of some members. */
  public Family<T> renamed(RenamedKeys keys, String... kinds) {
    Map<String, RenamedKeys> more = new LinkedHashMap<>(renamed);
    List.of(kinds).forEach(kind -> more.put(kind, keys));
    return new Family<>(name, members, planned, outerKeys, shorthands, plugins, more);
  }

  public String name() {
    return name;
  }

  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  /** The name that a recipe gives, which may be unknown; empty if it gives none. */
  public Optional<String> given(Section parent, String key) {
    return parent.at(key).map(this::spelledOut).flatMap(Family::kind).map(Family::text);
  }

  /** Reads a bare name, or a block with a {@code kind}; without either, the default's kind. */
  public T read(Section parent, String key) {
    return read(parent, key, Optional.empty());
  }

  /**
   * Reads as {@link #read(Section, String)} does, with another default's kind, if it is given and
   * on the class path.
   */
  public T read(Section parent, String key, Optional<String> preferred) {
    Optional<ConfigValue> value = parent.at(key).map(this::spelledOut);
    Optional<ConfigValue> found = value.flatMap(Family::kind);
    Optional<String> standard =
        preferred
            .filter(known(parent)::containsKey)
            .or(() -> parent.defaultAt(key).flatMap(Family::kind).flatMap(HoconText::scalar));
    Optional<String> asked = found.isPresent() ? found.map(Family::text) : standard;
    Map<String, Function<Section, T>> known = known(parent);
    parent.use(key, "one of " + String.join(", ", known.keySet()));
    boolean isMember = asked.filter(known::containsKey).isPresent();
    if (isMember) {
      asked.ifPresent(name -> refuseClash(parent, key, name));
    } else {
      refuse(parent, key, found, known.keySet());
    }
    String kind =
        asked
            .filter(known::containsKey)
            .or(() -> standard.filter(known::containsKey))
            .or(() -> known.keySet().stream().findFirst())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the class path must hold masks and trainer: " + key));
    ConfigValue keys = value.orElseGet(() -> ConfigFactory.empty().root());
    Section child =
        parent.member(
            key,
            isMember ? keys : shared(HoconText.keys(keys), parent.defaultKeys(key)),
            defaults(kind, parent, key),
            KIND,
            isMember ? renamed(parent, kind) : RenamedKeys.NONE);
    outerKeys.forEach(child::at);
    child.at(KIND);
    child.resolve(KIND, kind);
    T member =
        child.build(
            kind,
            Objects.requireNonNull(known.get(kind)),
            () -> probed(parent, key),
            parent.defaultKeys(key).keySet());
    parent.resolve(key, child.resolved().size() == 1 ? kind : child.resolved());
    return member;
  }

  /** How each kind reads its keys. */
  Map<String, Section> probed(Section parent, String key) {
    Map<String, Section> probed = new LinkedHashMap<>();
    known(parent)
        .forEach(
            (kind, reader) -> {
              Section section = parent.probed(key, defaults(kind, parent, key), reader);
              renamed(parent, kind).names().keySet().forEach(section::at);
              probed.put(kind, section);
            });
    return probed;
  }

  private RenamedKeys renamed(Section parent, String kind) {
    return members.containsKey(kind)
        ? renamed.getOrDefault(kind, RenamedKeys.NONE)
        : plugins.stream()
            .flatMap(choice -> parent.plugins().named(choice.kind(), kind).stream())
            .findFirst()
            .map(member -> new RenamedKeys(member.keys().renamed()))
            .orElse(RenamedKeys.NONE);
  }

  private ConfigObject defaults(String kind, Section parent, String key) {
    return defaults(kind).withFallback(parent.defaultKeys(key));
  }

  /** A value with the keys that a shorthand stands for. */
  ConfigValue spelledOut(ConfigValue value) {
    return value instanceof ConfigObject block
        ? HoconText.at(block, KIND)
            .flatMap(this::ofShorthand)
            .<ConfigValue>map(full -> block.withoutKey(KIND).withFallback(full))
            .orElse(value)
        : ofShorthand(value).orElse(value);
  }

  private Optional<ConfigValue> ofShorthand(ConfigValue text) {
    return shorthands.stream().flatMap(each -> each.spelledOut(text).stream()).findFirst();
  }

  private Map<String, Function<Section, T>> known(Section parent) {
    Map<String, Function<Section, T>> known = new LinkedHashMap<>(members);
    plugins.ifPresent(
        choice ->
            parent.plugins().names(choice.kind()).stream()
                .map(name -> parent.plugins().named(choice.kind(), name).get(0))
                .forEach(
                    member ->
                        known.putIfAbsent(member.name(), section -> choice.read(section, member))));
    return known;
  }

  private void refuseClash(Section parent, String key, String asked) {
    plugins.ifPresent(
        choice -> {
          List<Plugin> named = parent.plugins().named(choice.kind(), asked);
          List<Plugin> users =
              named.stream().filter(member -> !PluginRegistry.isBuiltIn(member)).toList();
          boolean builtIn = members.containsKey(asked) || users.size() < named.size();
          if (users.size() > (builtIn ? 0 : 1)) {
            parent.note(key, choice.clash(asked, users, builtIn));
          }
        });
  }

  private void refuse(Section parent, String key, Optional<ConfigValue> found, Set<String> known) {
    String unusable = plugins.map(choice -> parent.plugins().unusableNote()).orElse("");
    String available = String.join(", ", known);
    String asked = found.map(Family::text).orElse("");
    if (found.isEmpty()) {
      parent.note(key, "%s must name one of %s%s".formatted(key, available, unusable));
    } else if (planned.stream().anyMatch(asked::matches)) {
      parent.note(
          key,
          found.get(),
          "%s is not available in this version; available: %s%s"
              .formatted(asked, available, unusable));
    } else {
      parent.note(
          key,
          found.get(),
          "%s must be one of %s: %s=%s%s%s"
              .formatted(
                  key,
                  available,
                  key,
                  HoconText.shown(found.get()),
                  NameSuggestion.suggestion(asked, known) + keysForNumber(parent, key, asked),
                  unusable));
    }
  }

  /** Where a number stands for a block: the key of the default kind that it may be meant for. */
  private String keysForNumber(Section parent, String key, String asked) {
    boolean isValue = parent.at(key).filter(value -> !(value instanceof ConfigObject)).isPresent();
    if (!isValue || !NUMBER.matcher(asked).matches()) {
      return "";
    }
    return parent
        .defaultAt(key)
        .flatMap(Family::kind)
        .flatMap(HoconText::scalar)
        .flatMap(kind -> numericKey(defaults(kind)))
        .map(each -> "; a number belongs to a key of the block: " + parent.pathOf(key) + "." + each)
        .orElse("");
  }

  /** The key of a kind that its reference has first and that takes numbers. */
  private static Optional<String> numericKey(ConfigObject keys) {
    return keys.entrySet().stream()
        .filter(each -> each.getValue().valueType() == ConfigValueType.NUMBER)
        .min(Comparator.comparingInt(each -> each.getValue().origin().lineNumber()))
        .map(Map.Entry::getKey);
  }

  /** Returns the keys of a block of unknown kind that all kinds have. */
  private static ConfigObject shared(ConfigObject block, ConfigObject common) {
    ConfigObject result = block;
    for (String key : block.keySet()) {
      result = common.containsKey(key) ? result : result.withoutKey(key);
    }
    return result;
  }

  /** Defaults of the keys that only one member has. */
  public ConfigObject defaults(String member) {
    return HoconText.at(HoconText.reference(), "defaults")
        .flatMap(all -> HoconText.at(HoconText.keys(all), name))
        .flatMap(all -> HoconText.at(HoconText.keys(all), member))
        .map(HoconText::keys)
        .orElseGet(() -> ConfigFactory.empty().root());
  }

  static Optional<ConfigValue> kind(ConfigValue value) {
    return value instanceof ConfigObject block ? HoconText.at(block, KIND) : Optional.of(value);
  }

  private static String text(ConfigValue value) {
    return HoconText.scalar(value).orElseGet(() -> HoconText.shown(value));
  }
}
