package io.espalier.configs.recipe;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.configs.Rules.Violation;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One block of a recipe, read key by key. An unreadable value becomes a problem and its default, so
 * that all problems are found. The section records which keys were read, and their values. Not
 * thread-safe.
 */
final class Section {
  private static final ConfigObject NOTHING = ConfigFactory.empty().root();

  private final String path;
  private final ConfigValue whole;
  private final ConfigObject given;
  private final ConfigObject defaults;
  private final Reading reading;
  private final KindSwitch kindSwitch;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> faulty = new HashSet<>();
  private final Map<String, Object> resolved = new LinkedHashMap<>();
  private final Map<String, KeyUse> uses = new LinkedHashMap<>();

  /** {@code whole} is the value that stands for this section, a block or a bare name. */
  private Section(
      String path,
      ConfigValue whole,
      ConfigObject given,
      ConfigObject defaults,
      Reading reading,
      Optional<ConfigValue> kind) {
    this.path = path;
    this.whole = whole;
    this.given = given;
    this.defaults = defaults;
    this.reading = reading;
    this.kindSwitch = new KindSwitch(reading.order(), kind);
  }

  private static Section plain(
      String path, ConfigValue whole, ConfigObject defaults, Reading reading) {
    return new Section(path, whole, HoconText.keys(whole), defaults, reading, Optional.empty());
  }

  /** The whole recipe. */
  public static Section root(ConfigObject recipe, Reading reading) {
    return plain("", recipe, HoconText.reference(), reading);
  }

  /** The section at a key, with its own defaults; its problems may be placed here. */
  public Section child(String key, ConfigValue value, ConfigObject childDefaults) {
    return plain(pathOf(key), value, childDefaults, reading);
  }

  /** Returns the section of a block of a family, whose key {@code kindKey} names its kind. */
  public Section member(
      String key,
      ConfigValue value,
      ConfigObject childDefaults,
      String kindKey,
      RenamedKeys renamed) {
    ConfigObject keys = renamed.applied(HoconText.keys(value), child(key, value, childDefaults));
    return new Section(
        pathOf(key), value, keys, childDefaults, reading, Optional.ofNullable(keys.get(kindKey)));
  }

  /** The block at {@code key} as a reader reads it; what is wrong with it does not count. */
  public Section probed(
      String key, ConfigObject block, ConfigObject childDefaults, Function<Section, ?> reader) {
    Section probed = plain(pathOf(key), block, childDefaults, reading.aside());
    probed.part(reader);
    return probed;
  }

  /** Returns the block at {@code key} as a reader reads it where it gives no key. */
  public Section probed(String key, ConfigObject childDefaults, Function<Section, ?> reader) {
    return probed(key, NOTHING, childDefaults, reader);
  }

  /** How the keys were read, in the order of their reading; those of blocks by their paths. */
  public Map<String, KeyUse> uses() {
    return uses;
  }

  /** Records what the values of a key are that is not read by a notation. */
  public void use(String key, String unit) {
    uses.put(key, KeyUse.of(unit));
  }

  /** The block at a path of blocks, where nothing is read yet. */
  Section inside(String blocks) {
    Section inside = this;
    for (String key : blocks.split("\\.", -1)) {
      inside = inside.child(key, inside.at(key).orElse(NOTHING), inside.defaultKeys(key));
    }
    return inside;
  }

  /** Reads this section into a record; broken rules and unknown keys become problems. */
  public <T> T build(Function<Section, T> reader) {
    T result = part(reader);
    unknownKeys().forEach(this::noteUnknown);
    return result;
  }

  /**
   * Reads this section as {@link #build(Function)} does, for a member of a family. A key of another
   * kind that a lower text gave than that which names the kind is left out, and so is one that is
   * unset; the first becomes a notice.
   *
   * @param kinds how each kind reads its keys, asked for where a key is unknown
   * @param shared keys that all kinds have
   */
  public <T> T build(
      String kind,
      Function<Section, T> reader,
      Supplier<Map<String, Section>> kinds,
      Set<String> shared) {
    T result = part(reader);
    List<String> unknown = unknownKeys();
    Map<String, Section> others = unknown.isEmpty() ? Map.of() : kinds.get();
    unknown.forEach(key -> noteUnlessLeftOut(key, kind, others));
    Map<String, ConfigValue> own = new TreeMap<>(given);
    own.keySet().retainAll(resolved.keySet());
    own.keySet().removeAll(shared);
    own.remove(Overrides.KIND);
    kindSwitch.notice(path, kind, own).ifPresent(reading.notices()::add);
    return result;
  }

  private void noteUnlessLeftOut(String key, String kind, Map<String, Section> kinds) {
    ConfigValue value = Objects.requireNonNull(given.get(key));
    List<String> owners =
        kinds.entrySet().stream()
            .filter(each -> each.getValue().known.contains(key))
            .map(Map.Entry::getKey)
            .toList();
    if (owners.isEmpty()) {
      noteUnknown(key);
    } else if (value.valueType() != ConfigValueType.NULL && !kindSwitch.leavesOut(key, value)) {
      note(key, UnknownKey.ofOtherKinds(key, shown(key), owners, kind, known));
    }
  }

  /** Reads some keys into a record; broken rules become problems, and defaults take its place. */
  public <T> T part(Function<Section, T> reader) {
    try {
      return reader.apply(this);
    } catch (BrokenRulesException e) {
      e.violations().forEach(this::note);
      return reader.apply(plain(path, NOTHING, defaults, reading.aside()));
    }
  }

  /** A key with a default in {@code reference.conf}. */
  public <T> T value(String key, Notation<T> notation) {
    T value = read(key, notation).orElseGet(() -> byDefault(key, notation));
    resolve(key, notation.print(value));
    return value;
  }

  /**
   * A key with a default in {@code reference.conf} that is recorded only where the recipe has it:
   * the text of a recipe from before the key, and so the digest in its checkpoints, stays.
   */
  public <T> T given(String key, Notation<T> notation) {
    return optional(key, notation).orElseGet(() -> byDefault(key, notation));
  }

  /** A key without a default in {@code reference.conf}. */
  public <T> T value(String key, Notation<T> notation, T standard) {
    T value = read(key, notation).orElse(standard);
    uses.put(key, new KeyUse(notation.rule(), Optional.of(notation.print(standard)), ""));
    resolve(key, notation.print(value));
    return value;
  }

  /** A required key; {@code standIn} lets reading go on without it. */
  public <T> T required(String key, Notation<T> notation, String meaning, T standIn) {
    Optional<T> value = optional(key, notation);
    uses.put(key, new KeyUse(notation.rule(), Optional.empty(), meaning));
    if (value.isEmpty() && isSound(key)) {
      note(key, key + " must be given: " + meaning);
    }
    return value.orElse(standIn);
  }

  public <T> Optional<T> optional(String key, Notation<T> notation) {
    Optional<T> value = read(key, notation);
    value.ifPresent(present -> resolve(key, notation.print(present)));
    return value;
  }

  public <T> T block(String key, Function<Section, T> reader) {
    Optional<ConfigValue> value = at(key);
    value
        .filter(found -> !(found instanceof ConfigObject))
        .ifPresent(found -> note(key, key + " must be a block of keys: " + shown(key)));
    Section child = child(key, value.orElse(NOTHING), defaultKeys(key));
    T result = child.build(reader);
    child.uses.forEach((inner, use) -> uses.put(key + "." + inner, use));
    resolve(key, child.resolved);
    return result;
  }

  /**
   * The items of a required list, as a section with keys {@code key[0]}, {@code key[1]}, …; empty
   * without a list.
   */
  public Section items(String key, String meaning) {
    Optional<ConfigValue> value = at(key);
    use(key, meaning);
    if (value.isEmpty()) {
      note(key, key + " must be given: " + meaning);
    } else if (!(value.get() instanceof ConfigList)) {
      note(key, key + " must be " + meaning + ": " + shown(key));
    }
    return items(key);
  }

  private Section items(String key) {
    ConfigValue list = at(key).orElse(whole);
    Map<String, ConfigValue> items = new LinkedHashMap<>();
    if (list instanceof ConfigList values) {
      values.forEach(item -> items.put(key + "[" + items.size() + "]", item));
    }
    return new Section(
        path, list, ConfigValueFactory.fromMap(items), NOTHING, reading, Optional.empty());
  }

  public Set<String> keys() {
    return given.keySet();
  }

  public Optional<ConfigValue> at(String key) {
    known.add(key);
    return HoconText.at(given, key);
  }

  public Optional<ConfigValue> defaultAt(String key) {
    return HoconText.at(defaults, key);
  }

  /** The keys that {@code reference.conf} has below a key; none if it holds a bare name. */
  public ConfigObject defaultKeys(String key) {
    return defaultAt(key).map(HoconText::keys).orElse(NOTHING);
  }

  /** Records a key's value, as a HOCON token or the settings below it. */
  public void resolve(String key, Object setting) {
    resolved.put(key, setting);
  }

  /** Moves these keys to the front, in this order; they may have been read in another one. */
  public void arrange(List<String> keys) {
    KeyOrder.toFront(keys, resolved);
    KeyOrder.toFront(keys, uses);
  }

  PluginRegistry plugins() {
    return reading.plugins();
  }

  public Map<String, Object> resolved() {
    return resolved;
  }

  /** Refuses a key of a later version. */
  public void unavailable(String key) {
    if (HoconText.at(given, key).isPresent()) {
      at(key);
      note(key, key + " is not available in this version: " + shown(key));
    }
  }

  /** Notes a problem at a key, or in this section if the recipe lacks the key. */
  public void note(String key, String message) {
    note(key, HoconText.at(given, key).orElse(whole), message);
  }

  /** Notes a problem at a key, caused by one value. */
  public void note(String key, ConfigValue culprit, String message) {
    faulty.add(key);
    reading.problems().add(new Problem(HoconText.place(culprit), pathOf(key), message));
  }

  /** Notices a former name, unless a program wrote it. */
  void noticeRenamed(String from, String to, ConfigValue value) {
    if (!reading.order().isStored(value)) {
      String place = HoconText.place(value).map(where -> " (" + where + ")").orElse("");
      reading
          .notices()
          .add(
              "%s is now %s: %s=%s%s; this version reads the former name too, the next one does not"
                  .formatted(pathOf(from), to, from, HoconText.shown(value), place));
    }
  }

  /** Whether one value was written in a text below that of another. */
  boolean isBelow(ConfigValue value, ConfigValue other) {
    return reading.order().isBelow(value, other);
  }

  /** Whether a key's value is the recipe's own or the default, not a stand-in. */
  public boolean isSound(String key) {
    return !faulty.contains(key);
  }

  public String shown(String key) {
    return key
        + "="
        + HoconText.at(given, key).or(() -> defaultAt(key)).map(HoconText::shown).orElse("");
  }

  /** Notes a problem at its path below this section unless an equal one is there. */
  void noteOnce(Problem problem) {
    reading.noteOnce(SourceLocations.located(problem, given));
  }

  void note(Violation violation) {
    String field = violation.field();
    int dot = field.indexOf('.');
    if (dot < 0) {
      note(field, violation);
    } else {
      inner(field.substring(0, dot)).note(violation.of(field.substring(dot + 1)));
    }
  }

  private void note(String key, Violation violation) {
    String found = at(key).isPresent() ? shown(key) : key + "=" + violation.value();
    String suggestion =
        NameSuggestion.suggestion(String.valueOf(violation.value()), violation.known());
    note(key, violation.message(found + suggestion));
  }

  private Section inner(String key) {
    int bracket = key.indexOf('[');
    Section owner = bracket < 0 ? this : items(key.substring(0, bracket));
    return owner.child(key, owner.at(key).orElse(whole), NOTHING);
  }

  private List<String> unknownKeys() {
    return given.keySet().stream().filter(key -> !known.contains(key)).sorted().toList();
  }

  private void noteUnknown(String key) {
    note(key, UnknownKey.ofNone(key, Objects.requireNonNull(given.get(key)), known));
  }

  private <T> Optional<T> read(String key, Notation<T> notation) {
    Optional<ConfigValue> value = at(key);
    uses.putIfAbsent(key, KeyUse.of(notation.rule()));
    try {
      return value.map(notation::parse);
    } catch (BrokenRulesException e) {
      noteUnreadable(key, e.violations().get(0).rule());
    } catch (IllegalArgumentException | ArithmeticException e) {
      noteUnreadable(key, notation.rule());
    }
    return Optional.empty();
  }

  /** Notes a value that a key cannot take, unless it was written for another kind. */
  private void noteUnreadable(String key, String rule) {
    if (!kindSwitch.leavesOut(key, at(key).orElse(whole))) {
      note(key, key + " must be " + rule + ": " + shown(key));
    }
  }

  private <T> T byDefault(String key, Notation<T> notation) {
    return defaultAt(key)
        .map(notation::parse)
        .orElseThrow(() -> new IllegalStateException("reference.conf must hold: " + pathOf(key)));
  }

  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
