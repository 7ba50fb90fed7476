package io.espalier.masks.selection;

import java.util.Arrays;

/**
 * Four tables of counters used in turn, as repeated increments of one counter stall and scores may
 * be equal by the million. Invariant: <em>tables are clear between two counts</em>. Not
 * thread-safe.
 */
final class CounterTables {
  /** Values of 16 bits. */
  static final int BUCKETS = 0x10000;

  /** The counter of values outside all buckets. */
  static final int ELSEWHERE = BUCKETS;

  private static final int BLOCK = 8;

  final int[] first = new int[BUCKETS + 1];

  final int[] second = new int[BUCKETS + 1];
  final int[] third = new int[BUCKETS + 1];
  final int[] fourth = new int[BUCKETS + 1];

  private int[] buckets = new int[1024];
  private int[] counts = new int[1024];
  private int size;

  Histogram drain() {
    for (int block = 0; block < BUCKETS; block += BLOCK) {
      if ((any(first, block) | any(second, block) | any(third, block) | any(fourth, block)) != 0) {
        fold(second, block);
        fold(third, block);
        fold(fourth, block);
        take(block);
      }
    }
    second[ELSEWHERE] = 0;
    third[ELSEWHERE] = 0;
    fourth[ELSEWHERE] = 0;
    return finish();
  }

  /** The counts of the first table, which is clear afterwards. */
  Histogram drainFirst() {
    for (int block = 0; block < BUCKETS; block += BLOCK) {
      if (any(first, block) != 0) {
        take(block);
      }
    }
    return finish();
  }

  private static int any(int[] table, int at) {
    return table[at]
        | table[at + 1]
        | table[at + 2]
        | table[at + 3]
        | table[at + 4]
        | table[at + 5]
        | table[at + 6]
        | table[at + 7];
  }

  private void fold(int[] table, int block) {
    for (int bucket = block; bucket < block + BLOCK; bucket++) {
      first[bucket] += table[bucket];
      table[bucket] = 0;
    }
  }

  private void take(int block) {
    for (int bucket = block; bucket < block + BLOCK; bucket++) {
      if (first[bucket] != 0) {
        if (size == buckets.length) {
          buckets = Arrays.copyOf(buckets, 2 * size);
          counts = Arrays.copyOf(counts, 2 * size);
        }
        buckets[size] = bucket;
        counts[size++] = first[bucket];
        first[bucket] = 0;
      }
    }
  }

  private Histogram finish() {
    first[ELSEWHERE] = 0;
    Histogram histogram = new Histogram(Arrays.copyOf(buckets, size), Arrays.copyOf(counts, size));
    size = 0;
    return histogram;
  }
}
