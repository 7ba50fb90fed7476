package io.espalier.masks.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Counts of the best units of all parameters together by their {@link LayerShares}, without these
 * in memory. Sums of squares by the upper half of the scores' bits bound the shares of each bucket,
 * which leaves a few buckets of each parameter undecided; only their scores are sorted. Scores are
 * read twice.
 */
final class ShareThreshold {
  private static final int LARGEST = Float.floatToRawIntBits(2f);

  private final List<ParameterRanks> parameters;
  private final int[] floors;
  private final List<SquareSums> sums;

  ShareThreshold(List<ParameterRanks> parameters, List<Integer> floors) {
    this.parameters = parameters;
    this.floors = floors.stream().mapToInt(Integer::intValue).toArray();
    this.sums =
        parameters.stream().map(each -> SquareSums.of(each.scores(), each.candidates())).toList();
  }

  /** Returns the count of each parameter; among equal shares those of the last parameters count. */
  List<Integer> counts(long kept) {
    float least = last(share -> kept(p -> surely(p, share)) >= kept);
    float most = last(share -> kept(p -> perhaps(p, share)) >= kept);
    List<Undecided> undecided = new ArrayList<>();
    for (int p = 0; p < floors.length; p++) {
      undecided.add(undecided(p, least, most));
    }
    float threshold = last(share -> kept(p -> undecided.get(p).reaching(share)) >= kept);
    List<Integer> counts = giveTies(undecided, threshold, kept);
    for (int p = 0; p < floors.length; p++) {
      handOver(p, undecided.get(p), counts.get(p));
    }
    return counts;
  }

  /** Hands over the counts made on the way, which serve the choice of the best units too. */
  private void handOver(int p, Undecided undecided, int count) {
    ParameterRanks ranks = parameters.get(p);
    sums.get(p)
        .unsigned()
        .ifPresent(
            counted -> {
              ranks.take(counted);
              undecided.units().ifPresent(ranks::take);
              undecided
                  .upperOfLast(count)
                  .ifPresent(upper -> ranks.take(upper, undecided.lowerBits(upper)));
            });
  }

  private List<Integer> giveTies(List<Undecided> undecided, float threshold, long kept) {
    float above = next(threshold);
    long missing = kept - kept(p -> undecided.get(p).reaching(above));
    Integer[] counts = new Integer[floors.length];
    for (int p = counts.length - 1; p >= 0; p--) {
      int without = Math.max(floors[p], undecided.get(p).reaching(above));
      int with = Math.max(floors[p], undecided.get(p).reaching(threshold));
      int given = (int) Math.min(missing, with - without);
      counts[p] = without + given;
      missing -= given;
    }
    return List.of(counts);
  }

  /** The largest share from 0 on for which something holds that holds for all smaller ones. */
  private static float last(SharePredicate holds) {
    int low = 0;
    int high = LARGEST;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (holds.test(Float.intBitsToFloat(middle))) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return Float.intBitsToFloat(low);
  }

  private static float next(float share) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(share) + 1);
  }

  @FunctionalInterface
  private interface SharePredicate {
    boolean test(float share);
  }

  private long kept(IntUnaryOperator count) {
    long sum = 0;
    for (int p = 0; p < floors.length; p++) {
      sum += Math.max(floors[p], count.applyAsInt(p));
    }
    return sum;
  }

  private int surely(int p, float share) {
    return sums.get(p).reaching(sums.get(p).firstAbove(share));
  }

  private int perhaps(int p, float share) {
    return sums.get(p).reaching(sums.get(p).firstReaching(share));
  }

  /** Units of a parameter about which buckets do not decide. */
  private static final class Undecided {
    /** Units that rank above them. */
    private final int above;

    /** Ascending, as are their shares. */
    private final float[] scores;

    private final float[] shares;

    private final Optional<SplitUnits> units;

    Undecided(int above, float[] scores, float[] shares, Optional<SplitUnits> units) {
      this.above = above;
      this.scores = scores;
      this.shares = shares;
      this.units = units;
    }

    /**
     * The undecided units by their scores; empty if some scores have a sign, or none is undecided.
     */
    Optional<SplitUnits> units() {
      return units;
    }

    /**
     * The upper half of the last one's bits among the best {@code count}, if it is one of these.
     */
    OptionalInt upperOfLast(int count) {
      int place = scores.length - (count - above);
      return place >= 0 && place < scores.length
          ? OptionalInt.of(Float.floatToRawIntBits(scores[place]) >>> 16)
          : OptionalInt.empty();
    }

    /** Counts by the lower half of those that share an upper one. */
    Histogram lowerBits(int upper) {
      int[] buckets = new int[scores.length];
      int[] counts = new int[scores.length];
      int last = -1;
      for (float score : scores) {
        int bits = Float.floatToRawIntBits(score);
        if (bits >>> 16 == upper) {
          int bucket = bits & 0xffff;
          last += last < 0 || buckets[last] < bucket ? 1 : 0;
          buckets[last] = bucket;
          counts[last]++;
        }
      }
      return new Histogram(Arrays.copyOf(buckets, last + 1), Arrays.copyOf(counts, last + 1));
    }

    int reaching(float share) {
      int low = 0;
      int high = shares.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (shares[middle] >= share) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return above + shares.length - low;
    }
  }

  /** The units whose shares may be from {@code least} to {@code most}. */
  private Undecided undecided(int p, float least, float most) {
    SquareSums of = sums.get(p);
    int first = of.firstReaching(least);
    int end = of.firstAbove(most);
    int above = of.reaching(end);
    if (first >= end) {
      return new Undecided(above, new float[0], new float[0], Optional.empty());
    }
    SplitUnits units = split(p, of.bucket(first), of.bucket(end - 1), of.reaching(first) - above);
    float[] scores = units.sortedScores();
    float[] shares = new float[scores.length];
    int place = end;
    double squares = 0;
    for (int i = scores.length - 1; i >= 0; i--) {
      if (place == end || Float.floatToRawIntBits(scores[i]) >>> 16 != of.bucket(place)) {
        place--;
        squares = of.above(place);
      }
      double square = (double) scores[i] * scores[i];
      squares += square;
      shares[i] = squares > 0 ? (float) (square / squares) : 0;
    }
    return new Undecided(
        above, scores, shares, of.isSigned() ? Optional.empty() : Optional.of(units));
  }

  /** The candidates by two buckets; scores below 0 are 0, as shares are computed of them. */
  private SplitUnits split(int p, int first, int last, int count) {
    float[] scores = parameters.get(p).scores();
    return SplitUnits.of(
        sums.get(p).isSigned() ? unsigned(scores) : scores,
        parameters.get(p).candidates(),
        first << 16,
        last << 16 | 0xffff,
        count);
  }

  private static float[] unsigned(float[] scores) {
    float[] unsigned = new float[scores.length];
    for (int unit = 0; unit < scores.length; unit++) {
      unsigned[unit] = Math.max(0f, scores[unit]);
    }
    return unsigned;
  }
}
