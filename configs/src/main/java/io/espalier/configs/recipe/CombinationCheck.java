package io.espalier.configs.recipe;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.RunConfig;
import io.espalier.configs.combination.Choices;
import io.espalier.configs.combination.Combination;
import io.espalier.configs.combination.Combinations;
import java.util.List;

/** Asks all rules of combination about a recipe that has been read. */
final class CombinationCheck {
  private CombinationCheck() {}

  /**
   * Notes what does not go together. A rule about a key with a problem of its own is not asked:
   * another value stands in for the recipe's.
   */
  static void note(RunConfig run, Section root, List<Problem> problems) {
    List<String> unsound = problems.stream().map(Problem::path).toList();
    Choices choices = new Choices(run, root.plugins());
    for (Combination rule : Combinations.all()) {
      if (rule.keys().stream().noneMatch(key -> isUnsound(key, unsound))) {
        note(rule, choices, root);
      }
    }
  }

  private static void note(Combination rule, Choices choices, Section root) {
    try {
      rule.broken(choices).forEach(root::note);
    } catch (InvalidConfigException e) {
      e.problems().forEach(root::noteOnce);
    }
  }

  private static boolean isUnsound(String key, List<String> paths) {
    return paths.stream()
        .anyMatch(path -> (path + ".").startsWith(key + ".") || (key + ".").startsWith(path + "."));
  }
}
