package io.espalier.configs.plugin;

import java.util.Set;

/**
 * Says what a ranking or refit reads beside weights.
 *
 * @param data whether anything is measured on training data
 * @param network whether it reads more of the network than its weights
 * @param values names of values of the mask kind, one per weight
 */
public record RequiredStatistics(boolean data, boolean network, Set<String> values) {
  /** Weights alone. */
  public static final RequiredStatistics NONE = new RequiredStatistics(false, Set.of());

  public RequiredStatistics {
    values = Set.copyOf(values);
  }

  /** Describes a member that reads nothing more of the network than its weights. */
  public RequiredStatistics(boolean data, Set<String> values) {
    this(data, false, values);
  }
}
