package io.espalier.masks.random;

import java.util.SplittableRandom;

/**
 * Derives independent random streams from the seed of a run, as a pure function of (purpose, seed,
 * keys). Only {@link SplittableRandom#nextLong} is used, whose values are the same on every
 * platform. Stateless and thread-safe.
 */
public final class Seeds {
  /** The purpose of a stream; streams of two purposes never coincide. */
  public enum Purpose {
    INITIAL_VALUES(1),
    TEST_SPLIT(2),
    SHARDS(3),
    BATCH_ORDER(4);

    private final long tag;

    Purpose(long tag) {
      this.tag = tag;
    }
  }

  private Seeds() {}

  /** The stream of one purpose; {@code keys} tell apart its uses within a run. */
  public static SplittableRandom stream(Purpose purpose, long seed, long... keys) {
    long state = mix(mix(purpose.tag) ^ seed);
    for (long key : keys) {
      state = mix(state + mix(key));
    }
    return new SplittableRandom(state);
  }

  /** Puts {@code values} into a random order, in place (Fisher and Yates, 1938). */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int last = values.length - 1; last > 0; last--) {
      int other = (int) (((random.nextLong() >>> 32) * (last + 1)) >>> 32);
      int value = values[last];
      values[last] = values[other];
      values[other] = value;
    }
  }

  /** The output function of SplitMix64 (Steele, Lea and Flood, 2014) after one step. */
  private static long mix(long key) {
    long value = key + 0x9E3779B97F4A7C15L;
    value = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    value = (value ^ (value >>> 27)) * 0x94D049BB133111EBL;
    return value ^ (value >>> 31);
  }
}
