package io.espalier.trainer.network;

/**
 * What a network reads and gives, beside the shape of its input.
 *
 * @param tokens different tokens that a text may have; the classes where data are no text
 * @param padding the token that fills a text up; 0 where there is none
 */
public record DataSizes(int tokens, int padding, int classes) {
  /** Data without tokens, or whose classes are the tokens. */
  public static DataSizes of(int classes) {
    return new DataSizes(classes, 0, classes);
  }
}
