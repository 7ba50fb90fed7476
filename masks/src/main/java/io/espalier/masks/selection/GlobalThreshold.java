package io.espalier.masks.selection;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the score at which all parameters together keep an exact number of units.
 *
 * <p>At threshold θ parameter p keeps {@code max(floor, number of its scores above θ)}. The sum
 * falls as θ rises, so one walk down the histograms of upper halves and one down those of the lower
 * halves in the bucket found locate the exact score; ties at it are given to the last units first.
 */
final class GlobalThreshold {
  private final List<ParameterRanks> parameters;
  private final int[] floors;

  /** Scores of each parameter above the walk's current bucket. */
  private final int[] above;

  GlobalThreshold(List<ParameterRanks> parameters, List<Integer> floors) {
    this.parameters = parameters;
    this.floors = floors.stream().mapToInt(Integer::intValue).toArray();
    this.above = new int[this.floors.length];
  }

  List<Integer> counts(long kept) {
    int upper = descend(parameters.stream().map(ParameterRanks::upper).toList(), kept);
    List<Histogram> lowers = parameters.stream().map(each -> each.lower(upper)).toList();
    return giveTies(lowers, descend(lowers, kept), kept);
  }

  /**
   * Walks down to the first bucket that brings the sum to {@code kept}, not yet counted in {@link
   * #above}.
   */
  private int descend(List<Histogram> histograms, long kept) {
    BucketWalk walk = new BucketWalk(histograms);
    long missing = kept - keptAbove();
    int last = 0;
    while (walk.next()) {
      last = walk.bucket();
      long gain = 0;
      for (int p = 0; p < floors.length; p++) {
        gain += gain(p, walk.count(p));
      }
      if (gain >= missing) {
        break;
      }
      missing -= gain;
      for (int p = 0; p < floors.length; p++) {
        above[p] += walk.count(p);
      }
    }
    return last;
  }

  private List<Integer> giveTies(List<Histogram> lowers, int bucket, long kept) {
    long missing = kept - keptAbove();
    int[] result = new int[floors.length];
    for (int p = floors.length - 1; p >= 0; p--) {
      int given = (int) Math.min(missing, gain(p, lowers.get(p).countIn(bucket)));
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

  private int gain(int p, int more) {
    return Math.max(floors[p], above[p] + more) - Math.max(floors[p], above[p]);
  }
}
