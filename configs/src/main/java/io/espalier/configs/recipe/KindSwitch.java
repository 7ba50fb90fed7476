package io.espalier.configs.recipe;

import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the keys that a block leaves out whose kind is named by a higher text than these keys: by
 * an override, or beside an include. Those keys were written for another kind. Not thread-safe.
 */
final class KindSwitch {
  private final TextOrder order;
  private final Optional<ConfigValue> kind;
  private final Map<String, ConfigValue> left = new TreeMap<>();

  /** {@code kind} is the value that names the kind; without one nothing is left out. */
  KindSwitch(TextOrder order, Optional<ConfigValue> kind) {
    this.order = order;
    this.kind = kind;
  }

  /** Leaves out a key if a lower text has written it; returns whether it did. */
  boolean leavesOut(String key, ConfigValue value) {
    boolean below = isBelow(value);
    if (below) {
      left.put(key, value);
    }
    return below;
  }

  /** A sentence about the keys that are left out; {@code known} are the keys of the new kind. */
  Optional<String> notice(String path, String name, Map<String, ConfigValue> known) {
    if (left.isEmpty()) {
      return Optional.empty();
    }
    Map<String, ConfigValue> stays = new TreeMap<>(known);
    stays.keySet().removeAll(left.keySet());
    stays.values().removeIf(value -> !isBelow(value));
    String kept =
        stays.isEmpty()
            ? ""
            : "; it keeps %s (-D %s.KEY=null takes the default)".formatted(list(stays), path);
    return Optional.of(
        "%s.kind=%s leaves out %s%s, for another kind%s"
            .formatted(path, name, list(left), place(), kept));
  }

  private boolean isBelow(ConfigValue value) {
    return kind.filter(named -> order.isBelow(value, named)).isPresent();
  }

  private String place() {
    return left.values().stream()
        .flatMap(value -> HoconText.place(value).stream())
        .findFirst()
        .map(place -> " of " + place)
        .orElse("");
  }

  private static String list(Map<String, ConfigValue> values) {
    return values.entrySet().stream()
        .map(each -> each.getKey() + "=" + HoconText.shown(each.getValue()))
        .collect(Collectors.joining(", "));
  }
}
