package io.espalier.masks.annealing;

import io.espalier.masks.Mask;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.masks.random.CounterRandom;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws the mask of one parameter anew for every step: kept units are 1, annealing ones 1 with the
 * probability of their temperature, to within 2^-30, and all others 0.
 *
 * <p>A unit's number is a function of (seed, trainer, parameter, unit, step): a key of 64 bits for
 * each piece of the parameter, and a hash of 32 bits over it for each unit of the piece. Its loops
 * become vector instructions, and its cost does not depend on the number of groups. Not
 * thread-safe: scratch space is reused.
 */
public final class MaskDraw {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x616e6e65616cL;

  private static final int PIECE = 512;
  private static final int CERTAIN = 1 << 30;
  private static final int ONE = Float.floatToRawIntBits(1);
  private static final int[] PLACES = IntStream.range(0, PIECE).toArray();

  private final AnnealingState state;
  private final int parameterIndex;
  private final int size;
  private final char[] groupOf;
  private final int[] limits = new int[PIECE];
  private final int[] drawn = new int[PIECE];

  public MaskDraw(AnnealingState state, int parameterIndex, Mask kept) {
    this.state = state;
    this.parameterIndex = parameterIndex;
    size = kept.size();
    groupOf = new char[(size + PIECE - 1) / PIECE * PIECE];
    List<AnnealingGroup> groups = state.groups();
    if (groups.size() > Character.MAX_VALUE - 1) {
      throw new IllegalArgumentException(
          "at most 65,534 updates may anneal at a time: updates=" + groups.size());
    }
    kept.forEachKept(unit -> groupOf[unit] = 1);
    for (int c = 0; c < groups.size(); c++) {
      char group = (char) (c + 2);
      groups.get(c).units().get(parameterIndex).forEachKept(unit -> groupOf[unit] = group);
    }
  }

  /**
   * Writes the mask of the step after {@code step} completed ones, one float per unit as its bits;
   * different replicas draw different masks.
   */
  public void draw(long step, long seed, int trainer, IntBuffer mask) {
    CounterRandom keys = CounterRandom.of(seed, DOMAIN, trainer, parameterIndex, step);
    int[] limitOf = limitsAt(step);
    for (int start = 0; start < size; start += PIECE) {
      for (int i = 0; i < PIECE; i++) {
        limits[i] = limitOf[groupOf[start + i]];
      }
      long key = keys.bits(start / PIECE);
      compare((int) key, (int) (key >>> 32));
      mask.put(start, drawn, 0, Math.min(PIECE, size - start));
    }
  }

  private int[] limitsAt(long step) {
    List<AnnealingGroup> groups = state.groups();
    int[] limitOf = new int[groups.size() + 2];
    limitOf[1] = CERTAIN;
    for (int c = 0; c < groups.size(); c++) {
      limitOf[c + 2] = (int) Math.ceil(state.temperatureOf(groups.get(c), step) * CERTAIN);
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
