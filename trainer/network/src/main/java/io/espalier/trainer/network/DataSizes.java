package io.espalier.trainer.network;

/**
 * The sizes of what a network reads and gives, beside the shape of its input.
 *
 * @param tokens different tokens that a text may have; the classes where data are no text
 * @param padding the token that fills a text up, or {@link #NO_PADDING}
 */
public record DataSizes(int tokens, int padding, int classes) {
  /** Stands for the padding of texts that no token fills up. */
  public static final int NO_PADDING = -1;

  /** Data without tokens, or whose classes are the tokens; of texts, 0 fills up. */
  public static DataSizes of(int classes) {
    return new DataSizes(classes, 0, classes);
  }
}
