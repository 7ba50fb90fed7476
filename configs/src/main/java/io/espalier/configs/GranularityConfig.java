package io.espalier.configs;

/** The unit that is kept or pruned as a whole. */
public sealed interface GranularityConfig {
  /** The name in recipes. */
  String name();

  /** How several scores become one. */
  enum Reduction {
    SUM,
    MEAN,
    MAX,
    /** The root of the sum of squares. */
    L2,
    /** The sum of squares. */
    SQUARES
  }

  /** Single weights. */
  GranularityConfig WEIGHT = new Units(MemberSettings.of("weight"));

  /** Weights of one parameter: single ones, rows, blocks and others by name. */
  record Units(MemberSettings settings) implements GranularityConfig {
    @Override
    public String name() {
      return settings.name();
    }
  }

  /**
   * A channel: the output of one filter or neuron, everything that reads it, and all channels tied
   * to it.
   *
   * @param scope which channels may go
   * @param budget what {@code sparsity} is a share of
   * @param scoring how the scores of single weights become one of a channel
   * @param limits how narrow layers may become
   * @param norms by what norms behind the readers of pruned channels are scaled
   * @param cutting when pruned channels leave the network
   */
  record Channel(
      Scope scope,
      BudgetConfig budget,
      ChannelScoring scoring,
      ChannelLimits limits,
      NormScaling norms,
      CuttingConfig cutting)
      implements GranularityConfig {
    /** Which channels may go, and what a channel is. */
    public enum Scope {
      /** All that no constraint keeps. */
      ALL("channel"),
      /** Heads of attention: their queries, keys, values and what reads them. */
      HEADS("head"),
      /** All layers between a residual's two ends: a channel each. */
      SUBLAYERS("sublayer"),
      /** Attention and the sublayers behind it up to the next attention: a channel each. */
      BLOCKS("transformer-block");

      private final String word;

      Scope(String word) {
        this.word = word;
      }

      /** The name in recipes. */
      public String word() {
        return word;
      }

      /** Whether a channel is whole layers, without which what they read goes on as it is. */
      public boolean ofLayers() {
        return this == SUBLAYERS || this == BLOCKS;
      }
    }

    /** All channels. */
    public Channel(
        BudgetConfig budget,
        ChannelScoring scoring,
        ChannelLimits limits,
        NormScaling norms,
        CuttingConfig cutting) {
      this(Scope.ALL, budget, scoring, limits, norms, cutting);
    }

    @Override
    public String name() {
      return scope.word();
    }
  }

  /** The cost that fewer channels reduce. */
  sealed interface BudgetConfig {
    /** Weights, without biases and norm parameters. */
    record Parameters() implements BudgetConfig {}

    /** Multiply-accumulates per example. */
    record Macs() implements BudgetConfig {}

    /** Time of a training step's layers, by a table measured on this machine. */
    record Latency() implements BudgetConfig {}
  }

  /**
   * How the scores of single weights become one of a channel.
   *
   * @param reduction over the weights of a channel in one parameter
   * @param memberReduction over its parameters
   * @param members which parameters of a channel count
   * @param signs when the sign of scores that have one is dropped
   * @param normalisation what a channel's score is divided by
   */
  record ChannelScoring(
      Reduction reduction,
      Reduction memberReduction,
      Members members,
      Signs signs,
      Normalisation normalisation) {

    public enum Members {
      /** The weights that give the channel and those that read it. */
      ALL,
      /** The weights that read it. */
      READERS
    }

    /** When the sign of a score is dropped. */
    public enum Signs {
      /** Before the reduction: opposite signs add up. */
      EACH,
      /** After the reduction: opposite signs cancel. */
      RESULT
    }

    /** Makes scores of different groups comparable. */
    public enum Normalisation {
      NONE,
      MEAN,
      SUM,
      MAX
    }
  }

  /**
   * How narrow layers may become.
   *
   * @param maxRatio largest share of a group's channels that may go
   * @param minChannels fewest channels that a group keeps
   * @param roundTo what the channels of a group are a multiple of once any has gone
   */
  record ChannelLimits(double maxRatio, int minChannels, int roundTo) {
    public ChannelLimits {
      new Rules()
          .require("max-ratio", maxRatio, maxRatio > 0 && maxRatio <= 1, "above 0, at most 1")
          .require("min-channels", minChannels, minChannels >= 1, "1 or more")
          .require("round-to", roundTo, roundTo >= 1, "1 or more")
          .verify();
    }
  }

  /**
   * Scaling of a norm whose layer reads fewer channels (Humble, Shen, Albericio Latorre, Darrell
   * and Alvarez, "Soft Masking for Cost-Constrained Channel Pruning", 2022): keeps gradients from
   * growing as inputs vanish.
   */
  enum NormScaling {
    NONE,
    /** The share of kept channels. */
    SHARE,
    /** The kept channels' share of all scores. */
    IMPORTANCE
  }

  /**
   * When pruned channels leave the network: once pruned for {@code settle} without a break; 0 cuts
   * at the same sync.
   */
  record CuttingConfig(When when, Span settle) {
    public enum When {
      /** During training, on all trainers at one sync; the remaining ones at the end. */
      LIVE,
      /** Once training is over. */
      END,
      /** The network keeps its shapes, with zeros in them. */
      NEVER
    }
  }
}
