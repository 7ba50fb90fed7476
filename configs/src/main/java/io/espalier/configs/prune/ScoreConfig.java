package io.espalier.configs.prune;

import io.espalier.configs.CustomSettings;

/** How much a unit matters; the larger scores are kept. */
public sealed interface ScoreConfig {
  /** Absolute value of the weight. */
  record Magnitude() implements ScoreConfig {}

  /** A fixed draw for each unit from the run's seed: the control that every method must beat. */
  record Random() implements ScoreConfig {}

  /** A score that the user brings. */
  record Custom(CustomSettings settings) implements ScoreConfig {}
}
