package io.espalier.configs;

/** How a server merges the values that its clients sent for one weight. */
public sealed interface AggregationConfig {
  /** Mean over the clients that hold the weight, each by its number of examples. */
  record Mean() implements AggregationConfig {}

  /**
   * Mean of what is left without the largest and the smallest values.
   *
   * @param drop values left out at each end
   */
  record TrimmedMean(int drop) implements AggregationConfig {
    public TrimmedMean {
      new Rules().require("drop", drop, drop >= 0, "0 or more").verify();
    }
  }

  /** Median over the clients that hold the weight. */
  record Median() implements AggregationConfig {}

  /**
   * The one update that is nearest to its neighbours (Blanchard et al., 2017).
   *
   * @param faulty clients of a round that may send anything
   */
  record Krum(int faulty) implements AggregationConfig {
    public Krum {
      new Rules().require("faulty", faulty, faulty >= 0, "0 or more").verify();
    }
  }
}
