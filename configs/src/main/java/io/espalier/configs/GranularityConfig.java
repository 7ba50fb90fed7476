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

  /** What a network of fewer channels has less of. */
  sealed interface BudgetConfig {
    /** Weights; neither biases nor what belongs to norms. */
    record Parameters() implements BudgetConfig {}

    /** Multiply-accumulates per example. */
    record Macs() implements BudgetConfig {}

    /** Time of a training step's layers on this machine, by a table that was measured here. */
    record Latency() implements BudgetConfig {}
  }

  /**
   * How the scores of single weights become one of a channel.
   *
   * @param reduction over the weights of a channel in one parameter, and over its parameters
   * @param members which parameters of a channel count
   * @param signs when the sign of scores that have one is dropped
   * @param normalisation what a channel's score is divided by
   */
  record ChannelScoring(
      Reduction reduction, Members members, Signs signs, Normalisation normalisation) {
    /** How several scores become one. */
    public enum Reduction {
      SUM,
      MEAN,
      MAX,
      /** The root of the sum of squares. */
      L2
    }

    /** Weights by which a channel is scored. */
    public enum Members {
      /** Those that give it and those that read it. */
      ALL,
      /** Those that read it. */
      READERS
    }

    /** When the sign of a score is dropped. */
    public enum Signs {
      /** Before weights are reduced: what points in different ways adds up. */
      EACH,
      /** After that: what points in different ways cancels. */
      RESULT
    }

    /** What makes scores of different groups comparable. */
    public enum Normalisation {
      NONE,
      /** The mean over the group's channels. */
      MEAN,
      SUM,
      MAX
    }
  }

  /**
   * How narrow layers may become.
   *
   * @param mostPruned largest share of a group's channels that may go
   * @param leastChannels fewest channels that a group keeps
   * @param multiple what the channels of a group are a multiple of once any has gone
   */
  record ChannelLimits(double mostPruned, int leastChannels, int multiple) {
    public ChannelLimits {
      new Rules()
          .require(
              "most-pruned", mostPruned, mostPruned > 0 && mostPruned <= 1, "above 0, at most 1")
          .require("least-channels", leastChannels, leastChannels >= 1, "1 or more")
          .require("multiple", multiple, multiple >= 1, "1 or more")
          .verify();
    }
  }

  /**
   * By what the norm behind a layer is scaled when the layer has fewer channels to read (Humble,
   * Shen, Albericio Latorre, Darrell and Alvarez, "Soft Masking for Cost-Constrained Channel
   * Pruning", 2022): it keeps gradients from growing where most of what a layer reads vanishes.
   */
  enum NormScaling {
    NONE,
    /** The share of the channels that is kept. */
    SHARE,
    /** The share of the scores of all channels that those that are kept have. */
    IMPORTANCE
  }

  /**
   * When pruned channels leave the network.
   *
   * @param settle how long a channel must have been pruned without a break before it is cut; 0 cuts
   *     at the sync that prunes it
   */
  record CuttingConfig(When when, Span settle) {
    /** The moment of cuts. */
    public enum When {
      /** In mid-training, on all trainers at one sync; the remaining ones at the end. */
      LIVE,
      /** Once training is over. */
      END,
      /** Not at all: the network keeps its shapes, with zeros in them. */
      NEVER
    }
  }
}
