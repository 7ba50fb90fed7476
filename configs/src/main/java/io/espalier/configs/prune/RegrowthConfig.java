package io.espalier.configs.prune;

/** The rule by which pruned units of a hard mask may return at 0. */
public enum RegrowthConfig {
  /** Pruned units stay pruned. */
  NONE
}
