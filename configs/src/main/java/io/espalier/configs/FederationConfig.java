package io.espalier.configs;

import java.util.Optional;

/** The algorithm by which clients train one network together, each on its own data. */
public sealed interface FederationConfig {
  /** No federation: trainers of one process share the data. */
  record None() implements FederationConfig {}

  /**
   * The clients' updates are averaged, and the schedule of {@code prune} updates the global masks
   * from the averaged weights (McMahan et al., "Communication-efficient learning of deep networks
   * from decentralized data", 2017).
   */
  record FedAvg(RoundsConfig rounds) implements FederationConfig {}

  /**
   * The network is sparse from the first round: clients choose among candidate masks by their norm
   * statistics, then exchange weights block by block (Huang et al., "Distributed pruning towards
   * tiny neural networks in federated learning", 2023).
   *
   * @param candidates masks to choose from; with 1 there is no choice
   * @param spread largest relative deviation of a candidate's layer densities from the global one
   * @param adjustEvery rounds between exchanges
   * @param adjustUntil no exchange after this round
   * @param blocks parts of the network that take turns, from output to input
   * @param fraction share of a layer's kept weights that is exchanged, at first; it falls by a
   *     cosine
   * @param norms how the norm statistics that clients measure for a candidate become one
   */
  record FedTiny(
      RoundsConfig rounds,
      int candidates,
      double spread,
      int adjustEvery,
      int adjustUntil,
      int blocks,
      double fraction,
      CandidateNorms norms)
      implements FederationConfig {
    public enum CandidateNorms {
      /** The variance over all clients' examples: {@code mean(var + mean²) − mean²}. */
      POOLED,
      /** The mean of the clients' variances, as in the paper. */
      MEAN
    }

    public FedTiny {
      new Rules()
          .require("candidates", candidates, candidates >= 1 && candidates <= 1000, "1 to 1000")
          .require("spread", spread, spread >= 0 && spread < 1, "at least 0 and below 1")
          .require("adjust-every", adjustEvery, adjustEvery >= 1, "1 or more")
          .require("adjust-until", adjustUntil, adjustUntil >= 0, "0 or more")
          .require("blocks", blocks, blocks >= 1, "1 or more")
          .require("fraction", fraction, fraction > 0 && fraction < 1, "above 0 and below 1")
          .verify();
    }
  }

  /** The settings common to all algorithms; empty without a federation. */
  default Optional<RoundsConfig> common() {
    if (this instanceof FedAvg average) {
      return Optional.of(average.rounds());
    }
    return this instanceof FedTiny tiny ? Optional.of(tiny.rounds()) : Optional.empty();
  }
}
