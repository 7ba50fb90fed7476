package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * One parameter's candidates in score order, counted on first use. Shares its tables with other
 * parameters; not thread-safe.
 */
final class ParameterRanks {
  /** Upper halves of all finite non-negative floats are below this. */
  private static final int NOT_FINITE = 0x7f80;

  private final float[] scores;
  private final Mask candidates;
  private final CounterTables tables;

  private Histogram upper = Histogram.EMPTY;
  private Histogram lower = Histogram.EMPTY;
  private int lowerOf = NOT_FINITE;

  ParameterRanks(float[] scores, Mask candidates, CounterTables tables) {
    this.scores = scores;
    this.candidates = candidates;
    this.tables = tables;
  }

  float[] scores() {
    return scores;
  }

  Mask candidates() {
    return candidates;
  }

  /**
   * Counts by upper half.
   *
   * @throws IllegalArgumentException if a candidate's score is negative, infinite or not a number
   */
  Histogram upper() {
    if (upper.size() == 0 && candidates.kept() > 0) {
      Histogram counted = UpperBitsCounter.of(scores, candidates, tables);
      int wrong = counted.countFrom(NOT_FINITE);
      if (wrong > 0) {
        throw new IllegalArgumentException(
            "scores must be finite and 0 or more: scores that are not=" + wrong);
      }
      upper = counted;
    }
    return upper;
  }

  Histogram lower(int upperHalf) {
    if (lowerOf != upperHalf) {
      int expected = upper().countIn(upperHalf);
      lower =
          expected == 0
              ? Histogram.EMPTY
              : LowerBitsCounter.of(scores, candidates, upperHalf, expected, tables);
      lowerOf = upperHalf;
    }
    return lower;
  }
}
