package io.espalier.masks.selection;

import java.util.Arrays;

/** How many scores fell into each bucket, for the buckets that are not empty. Immutable. */
final class Histogram {
  static final Histogram EMPTY = new Histogram(new int[0], new int[0]);

  private final int[] buckets;
  private final int[] counts;

  /** Takes ownership of both arrays: buckets ascend, counts are above 0. */
  Histogram(int[] buckets, int[] counts) {
    this.buckets = buckets;
    this.counts = counts;
  }

  /** Number of buckets that are not empty. */
  int size() {
    return buckets.length;
  }

  /** The bucket at a place, from 0 for the lowest to {@code size() - 1} for the highest. */
  int bucket(int place) {
    return buckets[place];
  }

  /** The count at a place. */
  int count(int place) {
    return counts[place];
  }

  /** Scores in a bucket, which may be empty. */
  int countIn(int bucket) {
    int place = Arrays.binarySearch(buckets, bucket);
    return place < 0 ? 0 : counts[place];
  }

  /** Scores in this bucket and all above it. */
  int countFrom(int bucket) {
    int sum = 0;
    for (int place = size() - 1; place >= 0 && buckets[place] >= bucket; place--) {
      sum += counts[place];
    }
    return sum;
  }
}
