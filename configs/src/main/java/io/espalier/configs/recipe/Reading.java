package io.espalier.configs.recipe;

import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the state that all sections of one recipe share.
 *
 * @param problems receives its errors
 * @param notices receives sentences about what is left out and about former names
 */
record Reading(
    PluginRegistry plugins, TextOrder order, List<Problem> problems, List<String> notices) {
  static Reading of(PluginRegistry plugins, TextOrder order) {
    return new Reading(plugins, order, new ArrayList<>(), new ArrayList<>());
  }

  /** Adds a problem unless one with this path and message is there. */
  void noteOnce(Problem problem) {
    boolean isNoted =
        problems.stream()
            .anyMatch(
                each ->
                    each.path().equals(problem.path()) && each.message().equals(problem.message()));
    if (!isNoted) {
      problems.add(problem);
    }
  }

  /** A reading whose errors and notices do not count. */
  Reading aside() {
    return of(plugins, order);
  }
}
