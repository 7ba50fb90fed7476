package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * Counts those candidate scores of a parameter that share an upper half, by the lower half of their
 * float bits: the fine rank. They are rare as a rule, so that a branch finds them. Where scores are
 * equal by the million, the commonest value is not looked for but counted by what the others leave
 * of the total.
 */
final class LowerBitsCounter {
  /** Share of candidates above which all units are read. */
  private static final double MOST = 0.3;

  /** Words of candidates per call: short calls are compiled sooner and better than long loops. */
  private static final int BLOCK = 64;

  /** Branch threshold: at most one candidate in this many. */
  private static final int RARE = 32;

  private final float[] scores;
  private final Mask candidates;
  private final int upper;
  private final int[] table;
  private int found;

  private LowerBitsCounter(float[] scores, Mask candidates, int upper, CounterTables tables) {
    this.scores = scores;
    this.candidates = candidates;
    this.upper = upper;
    this.table = tables.first;
  }

  /**
   * Counts {@code total} candidates with the upper half {@code upper} into the tables, which must
   * be clear, and clears them.
   */
  static Histogram of(float[] scores, Mask candidates, int upper, int total, CounterTables tables) {
    LowerBitsCounter tally = new LowerBitsCounter(scores, candidates, upper, tables);
    int rare = candidates.kept() / RARE;
    if (total <= rare) {
      tally.countRare();
      return tables.drainFirst();
    }
    ScoreSample sample = ScoreSample.of(scores, candidates, upper);
    if (total * (1 - sample.share()) <= rare) {
      tally.countAllBut(sample.commonest(), total);
      return tables.drainFirst();
    }
    return CrowdedBucketCounter.of(scores, candidates, upper, tables);
  }

  private void countRare() {
    boolean few = candidates.kept() < MOST * candidates.size();
    for (int word = 0; word < candidates.wordCount(); word += BLOCK) {
      int end = Math.min(candidates.wordCount(), word + BLOCK);
      if (few) {
        countRareOfFew(word, end);
      } else {
        countRare(word << 6, Math.min(scores.length, end << 6));
      }
    }
  }

  private void countRare(int from, int to) {
    for (int unit = from; unit < to; unit++) {
      int bits = Float.floatToRawIntBits(scores[unit]);
      if (bits >>> 16 == upper) {
        add(unit, bits);
      }
    }
  }

  private void countRareOfFew(int first, int end) {
    for (int i = first; i < end; i++) {
      int from = i << 6;
      for (long rest = candidates.word(i); rest != 0; rest &= rest - 1) {
        int bits = Float.floatToRawIntBits(scores[from + Long.numberOfTrailingZeros(rest)]);
        if (bits >>> 16 == upper) {
          table[bits & 0xffff]++;
        }
      }
    }
  }

  private void countAllBut(int commonest, int total) {
    for (int from = 0; from < scores.length; from += BLOCK << 6) {
      countAllBut(commonest, from, Math.min(scores.length, from + (BLOCK << 6)));
    }
    table[commonest & 0xffff] += total - found;
  }

  private void countAllBut(int commonest, int from, int to) {
    for (int unit = from; unit < to; unit++) {
      int bits = Float.floatToRawIntBits(scores[unit]);
      // True where the upper halves are the same and the lower ones are not.
      if (Integer.compareUnsigned((bits ^ commonest) - 1, 0xffff) < 0) {
        add(unit, bits);
      }
    }
  }

  private void add(int unit, int bits) {
    int kept = (int) (candidates.word(unit >> 6) >>> unit) & 1;
    table[bits & 0xffff] += kept;
    found += kept;
  }
}
