package io.espalier.trainer.combination;

import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;
import java.util.stream.Stream;

/** A key at which a recipe makes a choice that methods are made of. */
enum Part {
  GRANULARITY("prune.granularity", PluginKind.UNITS, "channel"),
  SCORE("prune.score", PluginKind.SCORE),
  ALLOCATION("prune.allocation", PluginKind.ALLOCATION),
  SELECTION("prune.selection", PluginKind.SELECTION),
  SCHEDULE("prune.schedule", PluginKind.SCHEDULE),
  MASK("prune.mask", PluginKind.MASK),
  REGROWTH("prune.regrowth", PluginKind.REGROWTH, "none"),
  REFIT("prune.refit", PluginKind.REFIT, "none"),
  OBJECTIVE("train.objective", PluginKind.OBJECTIVE),
  RULES("train.rules", PluginKind.RULE),
  FEDERATION("federation", "none", "fedavg", "fedtiny");

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
  private final List<String> names;

  Part(String key, PluginKind family, String... others) {
    this.key = key;
    this.names = Stream.concat(Stream.of(others), shipped(family)).toList();
  }

  Part(String key, String... names) {
    this.key = key;
    this.names = List.of(names);
  }

  String key() {
    return key;
  }

  /** The shipped choices. */
  List<String> names() {
    return names;
  }

  private static Stream<String> shipped(PluginKind family) {
    PluginRegistry members = PluginRegistry.installed();
    return members.names(family).stream()
        .filter(name -> members.named(family, name).stream().anyMatch(PluginRegistry::isBuiltIn));
  }

  /** A line of a recipe that chooses. */
  String line(String name) {
    String value =
        switch (name) {
          case "distillation", "block-reconstruction" ->
              "{ kind = %s, teacher = \"teacher.safetensors\" }".formatted(name);
          default -> name;
        };
    return "%s = %s\n".formatted(key, this == RULES ? "[" + value + "]" : value);
  }
}
