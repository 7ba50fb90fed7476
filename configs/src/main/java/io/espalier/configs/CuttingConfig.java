package io.espalier.configs;

/**
 * When pruned channels leave the network.
 *
 * @param settle how long a channel must have been pruned without a break before it is cut; 0 cuts
 *     at the sync that prunes it
 */
public record CuttingConfig(When when, Span settle) {
  /** The moment of cuts. */
  public enum When {
    /** In mid-training, on all trainers at one sync; what is left then at the end. */
    LIVE,
    /** Once training is over. */
    END,
    /** Not at all: the network keeps its shapes, with zeros in them. */
    NEVER
  }
}
