package io.espalier.bench.scores;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is compared with what, and so what is pruned: single weights, or channels. */
enum RankedUnit {
  /** Weights, the same share of each parameter. */
  UNIFORM("uniform", "weight", "uniform", "free"),
  /** All weights. */
  GLOBAL("global", "weight", "global", "free"),
  /** Weights, the same share of each row. */
  PER_ROW("per-row", "weight", "uniform", "per-row"),
  /** All channels, for a share of the parameters, as are the following. */
  CHANNELS("channels", RankedUnit.CHANNEL, "global", "free"),
  /** Channels, the same share of each group. */
  CHANNELS_UNIFORM("channels-uniform", RankedUnit.CHANNEL, "uniform", "free"),
  /** Channels, fewer of each group with depth. */
  CHANNELS_RISING("channels-rising", RankedUnit.CHANNEL, "rising", "free"),
  /** Channels, fewer in blocks that turn their residual less. */
  CHANNELS_CFSP("channels-cfsp", RankedUnit.CHANNEL, "cfsp", "free");

  private static final String CHANNEL = "{kind=channel,budget=parameters}";

  private final String name;
  private final String granularity;
  private final String allocation;
  private final String selection;

  RankedUnit(String name, String granularity, String allocation, String selection) {
    this.name = name;
    this.granularity = granularity;
    this.allocation = allocation;
    this.selection = selection;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(each -> each.name).toList();
  }

  static Optional<RankedUnit> named(String name) {
    return Arrays.stream(values()).filter(each -> each.name.equals(name)).findFirst();
  }

  boolean ofChannels() {
    return granularity.equals(CHANNEL);
  }

  /** Its keys of a recipe. */
  List<String> keys() {
    return List.of(
        "prune.granularity=" + granularity,
        "prune.allocation=" + allocation,
        "prune.selection=" + selection);
  }
}
