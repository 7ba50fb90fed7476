package io.espalier.configs;

/** The rule by which pruned units of a hard mask return, at 0, in exchange for kept ones. */
public sealed interface RegrowthConfig {
  /** Pruned units stay pruned. */
  record None() implements RegrowthConfig {}

  /**
   * A fixed share of each parameter's kept units makes room for units drawn at random (SET, Mocanu
   * et al., 2018).
   */
  record SparseEvolution(Exchange exchange) implements RegrowthConfig {}

  /**
   * A share of each parameter's kept units that falls by a cosine to 0 makes room for the units
   * with the largest gradient (RigL, Evci et al., 2020).
   *
   * @param batches batches per trainer over which the gradient is averaged
   */
  record RigL(Exchange exchange, int batches) implements RegrowthConfig {
    public RigL {
      new Rules()
          .require("batches", batches, batches >= 1 && batches <= 1000, "from 1 to 1000")
          .verify();
    }
  }

  /**
   * When how much is exchanged.
   *
   * @param every span between exchanges
   * @param end no exchange from here on
   * @param fraction share of each parameter's kept units that is exchanged, at first
   */
  record Exchange(Span every, Span end, double fraction) {
    public Exchange {
      new Rules()
          .require("every", every, !every.isZero(), "longer than 0")
          .require("fraction", fraction, fraction > 0 && fraction < 1, "above 0 and below 1")
          .verify();
    }
  }
}
