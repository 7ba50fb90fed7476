package io.espalier.configs;

/**
 * How the scores of single weights become one of a channel.
 *
 * @param reduction over the weights of a channel in one parameter, and over its parameters
 * @param members which parameters of a channel count
 * @param signs when the sign of scores that have one is dropped
 * @param normalisation what a channel's score is divided by
 */
public record ChannelScoring(
    Reduction reduction, Members members, Signs signs, Normalisation normalisation) {
  /** How several scores become one. */
  public enum Reduction {
    SUM,
    MEAN,
    MAX,
    /** The root of the sum of squares. */
    L2
  }

  /** Which weights of a channel tell how much it matters. */
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
