package io.espalier.configs.prune;

/** The unit that one bit of a mask stands for. */
public enum GranularityConfig {
  /** A single weight. */
  WEIGHT
}
