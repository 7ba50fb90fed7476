package io.espalier.masks.selection;

/** Scores that cannot be ranked, as they are infinite or not a number. */
public final class NonFiniteScoresException extends IllegalArgumentException {
  /**
   * @param count scores that are not finite
   */
  public NonFiniteScoresException(long count) {
    super("scores must be finite: scores that are not=" + count);
  }
}
