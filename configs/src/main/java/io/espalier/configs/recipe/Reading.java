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

  /** A reading whose errors and notices do not count. */
  Reading aside() {
    return of(plugins, order);
  }
}
