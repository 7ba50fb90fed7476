package io.espalier.configs;

/** How much a unit matters; the larger scores are kept. */
public sealed interface ScoreConfig {
  /** Absolute value of the weight. */
  record Magnitude() implements ScoreConfig {}

  /** A fixed draw for each unit from the run's seed: the control that every method must beat. */
  record Random() implements ScoreConfig {}

  /**
   * Mean of {@code |w · ∂L/∂w|} over batches: the first-order estimate of what the loss gains by
   * the unit (Molchanov et al., 2019).
   *
   * @param batches batches per trainer and update
   */
  record Taylor(int batches) implements ScoreConfig {
    public Taylor {
      new Rules()
          .require("batches", batches, batches >= 1 && batches <= 1000, "from 1 to 1000")
          .verify();
    }
  }

  /** A score that the user brings. */
  record Custom(CustomSettings settings) implements ScoreConfig {}
}
