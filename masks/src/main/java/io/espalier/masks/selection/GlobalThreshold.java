package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the score at which all parameters together keep an exact number of units.
 *
 * <p>At threshold θ parameter p keeps {@code max(floor, number of its scores above θ)}. The sum
 * falls as θ rises, so one walk down the upper-half histograms and one down the lower-half ones of
 * the bucket found locate the exact score; ties at it are given to the last units first.
 */
final class GlobalThreshold {
  private final List<float[]> scores;
  private final List<Mask> candidates;
  private final int[] floors;

  /** Scores of each parameter above the walk's present bucket. */
  private final int[] above;

  GlobalThreshold(List<float[]> scores, List<Mask> candidates, List<Integer> floors) {
    this.scores = scores;
    this.candidates = candidates;
    this.floors = floors.stream().mapToInt(Integer::intValue).toArray();
    this.above = new int[this.floors.length];
  }

  List<Integer> counts(long kept) {
    int[][] counts = new int[floors.length][];
    Arrays.setAll(counts, p -> RadixHistogram.ofUpper(scores.get(p), candidates.get(p)));
    int upper = descend(counts, RadixHistogram.UPPER_BUCKETS, kept);
    Arrays.setAll(counts, p -> RadixHistogram.ofLower(scores.get(p), candidates.get(p), upper));
    int lower = descend(counts, RadixHistogram.LOWER_BUCKETS, kept);
    return giveTies(counts, lower, kept);
  }

  /**
   * Walks from the best bucket down to the first one that would bring the sum to {@code kept}; that
   * bucket is not yet counted in {@link #above}.
   */
  private int descend(int[][] counts, int buckets, long kept) {
    long missing = kept - keptAbove();
    for (int bucket = buckets - 1; bucket > 0; bucket--) {
      long gain = 0;
      for (int p = 0; p < floors.length; p++) {
        gain += gain(p, counts[p][bucket]);
      }
      if (gain >= missing) {
        return bucket;
      }
      missing -= gain;
      for (int p = 0; p < floors.length; p++) {
        above[p] += counts[p][bucket];
      }
    }
    return 0;
  }

  private List<Integer> giveTies(int[][] counts, int bucket, long kept) {
    long missing = kept - keptAbove();
    int[] result = new int[floors.length];
    for (int p = floors.length - 1; p >= 0; p--) {
      int given = (int) Math.min(missing, gain(p, counts[p][bucket]));
      result[p] = Math.max(floors[p], above[p]) + given;
      missing -= given;
    }
    return Arrays.stream(result).boxed().collect(Collectors.toUnmodifiableList());
  }

  private long keptAbove() {
    long sum = 0;
    for (int p = 0; p < floors.length; p++) {
      sum += Math.max(floors[p], above[p]);
    }
    return sum;
  }

  /** Units that parameter p gains beyond its floor when {@code more} of its scores count. */
  private int gain(int p, int more) {
    return Math.max(floors[p], above[p] + more) - Math.max(floors[p], above[p]);
  }
}
