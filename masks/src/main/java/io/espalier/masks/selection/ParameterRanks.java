package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Optional;

/**
 * One parameter's candidates in score order, counted on first use by the ranks of their float bits'
 * halves. Shares its tables with other parameters; not thread-safe.
 */
final class ParameterRanks {
  private static final int INFINITE = 0x7f80;
  private static final int MINUS_ZERO = 0x8000;
  private static final int MINUS_INFINITE = MINUS_ZERO | INFINITE;
  private static final int NONE = -1;

  /** At most one candidate in this many is held by itself. */
  private static final int RARE = 32;

  private final Mask candidates;
  private final CounterTables tables;
  private ScoreSource source;
  private boolean signed;
  private Histogram upper = Histogram.EMPTY;
  private Histogram lower = Histogram.EMPTY;
  private int lowerOf = NONE;
  private Optional<SplitUnits> split = Optional.empty();

  ParameterRanks(ScoreSource source, Mask candidates, CounterTables tables) {
    this.source = source;
    this.candidates = candidates;
    this.tables = tables;
  }

  /** The scores in which {@link #upper} has been counted. */
  float[] scores() {
    return source.scores();
  }

  ScoreSource source() {
    return source;
  }

  Mask candidates() {
    return candidates;
  }

  /** Whether {@link #upper} has found a candidate below 0. */
  boolean isSigned() {
    return signed;
  }

  /**
   * Counts by the rank of the upper half.
   *
   * @throws NonFiniteScoresException if a candidate's score is infinite or not a number
   */
  Histogram upper() {
    if (upper.size() == 0 && candidates.kept() > 0) {
      Histogram counted = UpperBitsCounter.of(source.scores(), candidates, tables);
      int wrong =
          counted.countIn(INFINITE, MINUS_ZERO)
              + counted.countIn(MINUS_INFINITE, Integer.MAX_VALUE);
      if (wrong > 0) {
        throw new NonFiniteScoresException(wrong);
      }
      if (counted.countIn(MINUS_ZERO) > 0) {
        source = source.mapped(ParameterRanks::withoutMinusZero);
        counted = UpperBitsCounter.of(source.scores(), candidates, tables);
      }
      signed = counted.countIn(MINUS_ZERO, Integer.MAX_VALUE) > 0;
      upper = counted.keyed(OrderedBits::upperRank);
    }
    return upper;
  }

  /** Takes over counts by the upper half of scores without a sign from who has made them. */
  void take(Histogram counted) {
    signed = false;
    upper = counted.keyed(OrderedBits::upperRank);
  }

  /** Takes over counts by the lower half of the scores with one upper half. */
  void take(int upperBits, Histogram counted) {
    lowerOf = OrderedBits.upperRank(upperBits);
    lower = counted;
  }

  /** Takes over a split of scores without a sign, if few of them are between. */
  void take(SplitUnits units) {
    split = Optional.of(units).filter(each -> isRare(each.between()));
  }

  private boolean isRare(int units) {
    return units <= candidates.kept() / RARE;
  }

  /** The split by which the best {@code count} are known; empty if scores must be read again. */
  Optional<SplitUnits> splitFor(int count) {
    return split.filter(units -> units.decides(count));
  }

  /** Forgets the split, which serves once. */
  void dropSplit() {
    split = Optional.empty();
  }

  private static float[] withoutMinusZero(float[] scores) {
    float[] same = new float[scores.length];
    for (int unit = 0; unit < same.length; unit++) {
      same[unit] = scores[unit] + 0f;
    }
    return same;
  }

  /** Counts those of one upper half by the rank of the lower half. */
  Histogram lower(int upperRank) {
    if (lowerOf != upperRank) {
      int expected = upper().countIn(upperRank);
      lower = expected == 0 ? Histogram.EMPTY : lower(upperRank, expected);
      lowerOf = upperRank;
    }
    return lower;
  }

  private Histogram lower(int upperRank, int expected) {
    if (!signed && isRare(expected)) {
      int low = OrderedBits.upper(upperRank) << 16;
      SplitUnits units = SplitUnits.of(source.scores(), candidates, low, low | 0xffff, expected);
      take(units);
      return units.lowerBits(tables);
    }
    Histogram counted =
        LowerBitsCounter.of(
            source.scores(), candidates, OrderedBits.upper(upperRank), expected, tables);
    return OrderedBits.isNegative(upperRank)
        ? counted.keyed(lower -> OrderedBits.lowerRank(upperRank, lower))
        : counted;
  }
}
