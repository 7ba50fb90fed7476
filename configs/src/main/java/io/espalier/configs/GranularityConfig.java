package io.espalier.configs;

/** The unit that is kept or pruned as a whole. */
public sealed interface GranularityConfig {
  /** A single weight. */
  record Weight() implements GranularityConfig {}

  /**
   * A channel: what one filter or neuron gives, with all that reads it, and all channels that can
   * only go together with it.
   *
   * @param budget what {@code sparsity} is a share of
   * @param scoring how the scores of single weights become one of a channel
   * @param limits how narrow layers may become
   * @param norms by what norms behind the readers of pruned channels are scaled
   * @param cutting when pruned channels leave the network
   */
  record Channel(
      BudgetConfig budget,
      ChannelScoring scoring,
      ChannelLimits limits,
      NormScaling norms,
      CuttingConfig cutting)
      implements GranularityConfig {}
}
