package io.espalier.configs.recipe;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Map;

/**
 * The keys of one kind that had another name in the version before, which recipes may still use.
 *
 * @param names former name → name
 */
record RenamedKeys(Map<String, String> names) {
  static final RenamedKeys NONE = new RenamedKeys(Map.of());

  RenamedKeys {
    names = Map.copyOf(names);
  }

  /**
   * Returns a block under the names of this version. Of two names the one in the higher text
   * counts; in texts of one height, both become a problem.
   */
  ConfigObject applied(ConfigObject block, Section section) {
    ConfigObject renamed = block;
    for (Map.Entry<String, String> each : names.entrySet()) {
      ConfigValue former = block.get(each.getKey());
      if (former != null) {
        renamed = renamed(renamed, each.getKey(), each.getValue(), former, section);
      }
    }
    return renamed;
  }

  private static ConfigObject renamed(
      ConfigObject block, String from, String to, ConfigValue former, Section section) {
    ConfigObject without = block.withoutKey(from);
    ConfigValue named = block.get(to);
    section.noticeRenamed(from, to, former);
    if (named == null || section.isBelow(named, former)) {
      return without.withValue(to, former);
    }
    if (!section.isBelow(former, named) && former.valueType() != ConfigValueType.NULL) {
      section.note(
          to,
          former,
          "%s must be given by one name only: %s=%s, and %s=%s by its former name; leave %s away"
              .formatted(to, to, HoconText.shown(named), from, HoconText.shown(former), from));
    }
    return without;
  }
}
