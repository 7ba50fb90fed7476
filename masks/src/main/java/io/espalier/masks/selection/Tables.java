package io.espalier.masks.selection;

import java.util.Arrays;

/**
 * Four tables of counters that take turns, as an increment has to wait for one of the same counter
 * just before it, and scores may be equal by the million.
 *
 * <p>Invariant: <em>tables are clear between two counts</em>. Not thread-safe.
 */
final class Tables {
  /** Values of 16 bits. */
  static final int BUCKETS = 0x10000;

  /** The counter of what belongs to no bucket. */
  static final int ELSEWHERE = BUCKETS;

  /** Their counters: one per bucket, and {@link #ELSEWHERE}. */
  final int[] first = new int[BUCKETS + 1];

  final int[] second = new int[BUCKETS + 1];
  final int[] third = new int[BUCKETS + 1];
  final int[] fourth = new int[BUCKETS + 1];

  /** The sums of all four, which are clear afterwards. */
  Histogram drain() {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      first[bucket] += second[bucket] + third[bucket] + fourth[bucket];
    }
    Arrays.fill(second, 0);
    Arrays.fill(third, 0);
    Arrays.fill(fourth, 0);
    return drainFirst();
  }

  /** The counts of the first table alone, which is clear afterwards. */
  Histogram drainFirst() {
    int size = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      size += first[bucket] == 0 ? 0 : 1;
    }
    int[] buckets = new int[size];
    int[] counts = new int[size];
    for (int bucket = 0, place = 0; place < size; bucket++) {
      if (first[bucket] != 0) {
        buckets[place] = bucket;
        counts[place++] = first[bucket];
      }
    }
    Arrays.fill(first, 0);
    return new Histogram(buckets, counts);
  }
}
