package io.espalier.trainer.combination;

import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import java.util.List;
import java.util.stream.Stream;

/** A key at which a recipe makes a choice that methods are made of. */
enum Part {
  GRANULARITY("prune.granularity", CustomFamily.UNITS, "channel"),
  SCORE("prune.score", CustomFamily.SCORE),
  ALLOCATION("prune.allocation", CustomFamily.ALLOCATION),
  SELECTION("prune.selection", CustomFamily.SELECTION),
  SCHEDULE("prune.schedule", CustomFamily.SCHEDULE),
  MASK("prune.mask", CustomFamily.MASK),
  REGROWTH("prune.regrowth", CustomFamily.REGROWTH, "none"),
  REFIT("prune.refit", CustomFamily.REFIT, "none"),
  OBJECTIVE("train.objective", CustomFamily.OBJECTIVE),
  RULES("train.rules", CustomFamily.RULE),
  FEDERATION("federation", "none", "fedavg", "fedtiny");

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
  private final List<String> names;

  Part(String key, CustomFamily family, String... others) {
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

  private static Stream<String> shipped(CustomFamily family) {
    CustomMembers members = CustomMembers.installed();
    return members.names(family).stream()
        .filter(name -> members.named(family, name).stream().anyMatch(CustomMembers::isBuiltIn));
  }

  /** A line of a recipe that chooses. */
  String line(String name) {
    String value =
        switch (name) {
          case "distillation", "block-reconstruction" ->
              "{ kind = %s, teacher = \"teacher.safetensors\" }".formatted(name);
          case "group-lasso" -> "{ kind = group-lasso, strength = 1e-4 }";
          default -> name;
        };
    return "%s = %s\n".formatted(key, this == RULES ? "[" + value + "]" : value);
  }
}
