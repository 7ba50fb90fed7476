package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.random.CounterRandom;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws units one by one: kept ones are 1, fading ones 1 with the probability of their temperature,
 * to within 2^-30, and all others 0.
 *
 * <p>A unit's number is a function of (seed, trainer, stream, unit, step): a key of 64 bits for
 * each piece of the units, and a hash of 32 bits over it for each unit of the piece. Its loops
 * become vector instructions, and its cost does not depend on the number of cohorts.
 */
public final class UnitDraw implements MaskDraw {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x616e6e65616cL;

  private static final int PIECE = 512;
  private static final int CERTAIN = 1 << 30;
  private static final int ONE = Float.floatToRawIntBits(1);
  private static final int[] PLACES = IntStream.range(0, PIECE).toArray();

  private final int stream;
  private final Temperature temperature;
  private final List<Cohort> cohorts;
  private final int size;
  private final char[] cohortOf;
  private final int[] limits = new int[PIECE];
  private final int[] drawn = new int[PIECE];

  /** Units that were pruned at the same step. */
  public record Cohort(long step, Mask units) {}

  /**
   * Draws of units of which {@code kept} are kept.
   *
   * @param stream the key of the parameter or group that has the units
   */
  public UnitDraw(int stream, Mask kept, List<Cohort> cohorts, Temperature temperature) {
    if (cohorts.size() > Character.MAX_VALUE - 1) {
      throw new IllegalArgumentException(
          "at most 65,534 updates may anneal at a time: updates=" + cohorts.size());
    }
    this.stream = stream;
    this.temperature = temperature;
    this.cohorts = List.copyOf(cohorts);
    size = kept.size();
    cohortOf = new char[(size + PIECE - 1) / PIECE * PIECE];
    kept.forEachKept(unit -> cohortOf[unit] = 1);
    for (int c = 0; c < cohorts.size(); c++) {
      char cohort = (char) (c + 2);
      cohorts.get(c).units().forEachKept(unit -> cohortOf[unit] = cohort);
    }
  }

  public int size() {
    return size;
  }

  @Override
  public void draw(long step, long seed, int trainer, IntBuffer mask) {
    CounterRandom keys = CounterRandom.of(seed, DOMAIN, trainer, stream, step);
    int[] limitOf = limitsAt(step);
    for (int start = 0; start < size; start += PIECE) {
      for (int i = 0; i < PIECE; i++) {
        limits[i] = limitOf[cohortOf[start + i]];
      }
      long key = keys.bits(start / PIECE);
      compare((int) key, (int) (key >>> 32));
      mask.put(start, drawn, 0, Math.min(PIECE, size - start));
    }
  }

  private int[] limitsAt(long step) {
    int[] limitOf = new int[cohorts.size() + 2];
    limitOf[1] = CERTAIN;
    for (int c = 0; c < cohorts.size(); c++) {
      double likely = temperature.at(step - cohorts.get(c).step());
      limitOf[c + 2] = (int) Math.ceil(likely * CERTAIN);
    }
    return limitOf;
  }

  /** A mixer with full avalanche over place and key; the top 30 bits are compared. */
  private void compare(int low, int high) {
    for (int i = 0; i < PIECE; i++) {
      int hash = PLACES[i] * 0x9e3779b1 + low;
      hash ^= hash >>> 16;
      hash *= 0x7feb352d;
      hash ^= hash >>> 15;
      hash += high;
      hash *= 0x846ca68b;
      hash ^= hash >>> 16;
      drawn[i] = (((hash >>> 2) - limits[i]) >> 31) & ONE;
    }
  }
}
