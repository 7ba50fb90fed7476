package io.espalier.masks.algebra;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/**
 * The key {@code damping} of members that invert a measured curvature: what is added to its
 * diagonal, as a share of the diagonal's mean.
 */
public enum Damping {
  /** Damping of mean products of inputs, which are inverted as they are. */
  OF_PRODUCTS(1e-6, 1, "from 1e-6 to 1"),
  /** Damping of the factors of a Kronecker product. */
  OF_FACTORS(1e-9, 1, "from 1e-9 to 1"),
  /** Damping of the gradients of a few examples. */
  OF_ROWS(1e-9, 1e6, "from 1e-9 to 1e6");

  private static final String KEY = "damping";
  private static final double STANDARD = .01;

  private final double least;
  private final double most;
  private final String range;

  Damping(double least, double most, String range) {
    this.least = least;
    this.most = most;
    this.range = range;
  }

  /** Other keys and this one. */
  public static PluginKeys with(PluginKeys keys) {
    return keys.number(KEY, STANDARD);
  }

  public static double of(MemberSettings settings) {
    return settings.number(KEY);
  }

  /** Adds the rule of its range. */
  public Rules require(Rules rules, MemberSettings settings) {
    double damping = of(settings);
    return rules.require(KEY, damping, damping >= least && damping <= most, range);
  }
}
