package io.espalier.masks.random;

/**
 * Uniform random numbers addressed by coordinates: equal seed, coordinates and index give the same
 * number whichever were drawn before, and different ones give unrelated numbers. Output function of
 * SplitMix64 ("Fast splittable pseudorandom number generators", Steele, Lea and Flood, 2014) over a
 * key that absorbs the coordinates one by one. Not for cryptography. Immutable.
 */
public final class CounterRandom {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long key;

  private CounterRandom(long key) {
    this.key = key;
  }

  /** The numbers at coordinates such as (seed, trainer, parameter, step). */
  public static CounterRandom of(long seed, long... coordinates) {
    long key = mix(seed + GOLDEN * (coordinates.length + 1));
    for (long coordinate : coordinates) {
      key = mix(key ^ mix(coordinate + GOLDEN));
    }
    return new CounterRandom(key);
  }

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

  /**
   * A number of the normal distribution with mean 0 and deviation 1, of the uniform ones at {@code
   * 2 · index} and behind it (Box and Muller, 1958).
   */
  public double normal(long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
