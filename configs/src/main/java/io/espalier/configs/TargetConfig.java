package io.espalier.configs;

import java.util.List;

/**
 * How much a run prunes, and what it spares.
 *
 * @param sparsity final share of prunable units that is pruned; 0 trains dense
 * @param tolerance how far the final sparsity may be from {@code sparsity} where it is an outcome
 * @param minKeep share of each parameter's units that is never pruned, at least one unit; channels
 *     have limits of their own
 * @param exclude globs over parameter names that stay dense
 */
public record TargetConfig(
    double sparsity, double tolerance, double minKeep, List<String> exclude) {
  /** Recipes that do not state a tolerance have this one. */
  public static final double TOLERANCE = 0.02;

  /** Recipes that do not state a minimum have this one. */
  public static final double MIN_KEEP = 0.005;

  public TargetConfig {
    exclude = List.copyOf(exclude);
    new Rules()
        .require("sparsity", sparsity, sparsity >= 0 && sparsity < 1, "at least 0 and below 1")
        .require("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "from 0 to 1")
        .require("tolerance", tolerance, tolerance >= 0 && tolerance <= 1, "from 0 to 1")
        .verify();
  }

  /** With the default tolerance. */
  public TargetConfig(double sparsity, double minKeep, List<String> exclude) {
    this(sparsity, TOLERANCE, minKeep, exclude);
  }

  /** Returns this target with other parameters that stay dense. */
  public TargetConfig excluding(List<String> others) {
    return new TargetConfig(sparsity, tolerance, minKeep, others);
  }
}
