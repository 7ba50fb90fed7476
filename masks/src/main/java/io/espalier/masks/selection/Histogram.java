package io.espalier.masks.selection;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Counts of the non-empty buckets. Immutable. */
final class Histogram {
  static final Histogram EMPTY = new Histogram(new int[0], new int[0]);

  private final int[] buckets;
  private final int[] counts;

  /** Takes ownership of both arrays: buckets ascend, counts are above 0. */
  Histogram(int[] buckets, int[] counts) {
    this.buckets = buckets;
    this.counts = counts;
  }

  int size() {
    return buckets.length;
  }

  /** The bucket at a place, from 0 for the lowest to {@code size() - 1} for the highest. */
  int bucket(int place) {
    return buckets[place];
  }

  int count(int place) {
    return counts[place];
  }

  int countIn(int bucket) {
    int place = Arrays.binarySearch(buckets, bucket);
    return place < 0 ? 0 : counts[place];
  }

  /** The sum of the buckets from {@code first} to before {@code end}. */
  int countIn(int first, int end) {
    int sum = 0;
    for (int place = size() - 1; place >= 0 && buckets[place] >= first; place--) {
      sum += buckets[place] < end ? counts[place] : 0;
    }
    return sum;
  }

  /** Returns the counts in other buckets; {@code key} gives each a different one. */
  Histogram keyed(IntUnaryOperator key) {
    long[] entries = new long[size()];
    for (int place = 0; place < entries.length; place++) {
      entries[place] = ((long) key.applyAsInt(buckets[place]) << Integer.SIZE) | counts[place];
    }
    Arrays.sort(entries);
    return new Histogram(
        Arrays.stream(entries).mapToInt(entry -> (int) (entry >>> Integer.SIZE)).toArray(),
        Arrays.stream(entries).mapToInt(entry -> (int) entry).toArray());
  }
}
