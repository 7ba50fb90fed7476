package io.espalier.configs.custom;

import java.util.Set;

/**
 * What a ranking or refit reads beside weights.
 *
 * @param data whether anything is measured on training data
 * @param network whether it reads more of the network than its weights
 * @param values names of values of the mask kind, one per weight
 */
public record Readings(boolean data, boolean network, Set<String> values) {
  /** Weights alone. */
  public static final Readings NONE = new Readings(false, Set.of());

  public Readings {
    values = Set.copyOf(values);
  }

  /** Of a member that reads nothing more of the network than its weights. */
  public Readings(boolean data, Set<String> values) {
    this(data, false, values);
  }
}
