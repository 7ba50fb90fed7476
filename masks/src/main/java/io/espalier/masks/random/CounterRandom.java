package io.espalier.masks.random;

/**
 * Uniform random numbers addressed by coordinates: equal seed, coordinates and index give the same
 * number whatever was drawn before, and different ones give unrelated numbers.
 *
 * <p>Output function of SplitMix64 ("Fast splittable pseudorandom number generators", Steele, Lea
 * and Flood, 2014) over a key that absorbs the coordinates one by one. Not for cryptography.
 *
 * <p>Immutable.
 */
public final class CounterRandom {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final long LOWER = 0xffffffffL;

  /** From so many wanted bits on, drawing all 64 is faster than picking them out. */
  private static final int DENSE = 24;

  private final long key;

  private CounterRandom(long key) {
    this.key = key;
  }

  /** The numbers of a place, such as (seed, trainer, parameter, step). */
  public static CounterRandom of(long seed, long... coordinates) {
    long key = mix(seed + GOLDEN * (coordinates.length + 1));
    for (long coordinate : coordinates) {
      key = mix(key ^ mix(coordinate + GOLDEN));
    }
    return new CounterRandom(key);
  }

  /** 64 random bits. */
  public long bits(long index) {
    return mix(key + GOLDEN * (index + 1));
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  public double uniform(long index) {
    return (bits(index) >>> 11) * 0x1p-53;
  }

  /** A number in [0, 1), a multiple of 2^-24. */
  public float uniformFloat(long index) {
    return (bits(index) >>> 40) * 0x1p-24f;
  }

  /** What {@link #bernoulli} needs of a probability in [0, 1]. */
  public static long limit(double probability) {
    return (long) Math.ceil(probability * 0x1p32);
  }

  /**
   * Draws 64 units at once: 1 with the probability of a {@link #limit}, which holds to within
   * 2^-32. Unit {@code 64 · word + b} is decided by half {@code b & 1} of {@link #bits} at {@code
   * 32 · word + (b >> 1)}, the lower half first.
   *
   * @param wanted bits that are needed; all others of the result are clear
   */
  public long bernoulli(int word, long wanted, long limit) {
    return Long.bitCount(wanted) >= DENSE
        ? dense(word, limit) & wanted
        : sparse(word, wanted, limit);
  }

  /** Branch-free, so that several numbers are in the making at a time. */
  private long dense(int word, long limit) {
    long first = (long) word << 5;
    long drawn = 0;
    for (int pair = 0; pair < 32; pair++) {
      long bits = bits(first + pair);
      long lower = ((bits & LOWER) - limit) >>> 63;
      long upper = ((bits >>> 32) - limit) >>> 63;
      drawn |= (lower | (upper << 1)) << (pair << 1);
    }
    return drawn;
  }

  private long sparse(int word, long wanted, long limit) {
    long first = (long) word << 5;
    long drawn = 0;
    for (long rest = wanted; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      long half = (bits(first + (bit >> 1)) >>> ((bit & 1) << 5)) & LOWER;
      drawn |= ((half - limit) >>> 63) << bit;
    }
    return drawn;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
