package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;

/** Reads arrays of which only the units of a mask are stored, in its order; others are 0. */
public final class KeptUnits {
  /** Words of a mask from one rank to the next. */
  private static final int WORDS = 64;

  private static final float[] ZEROS = new float[1024];

  private KeptUnits() {}

  /** Numbers of kept units before every 64th word, so that reads may begin anywhere. */
  static int[] ranks(Mask mask) {
    int[] ranks = new int[mask.wordCount() / WORDS + 1];
    int count = 0;
    for (int word = 0; word < mask.wordCount(); word++) {
      if (word % WORDS == 0) {
        ranks[word / WORDS] = count;
      }
      count += Long.bitCount(mask.word(word));
    }
    return ranks;
  }

  /** Kept units before a unit, by ranks. */
  static int before(Mask mask, int[] ranks, int unit) {
    int rank = (unit >> 6) / WORDS;
    return ranks[rank] + before(mask, rank * WORDS, unit);
  }

  /** Kept units before a unit. */
  public static int before(Mask mask, int unit) {
    return before(mask, 0, unit);
  }

  private static int before(Mask mask, int firstWord, int unit) {
    int count = 0;
    for (int i = firstWord; i < unit >> 6; i++) {
      count += Long.bitCount(mask.word(i));
    }
    int rest = unit & 63;
    return rest == 0 ? count : count + Long.bitCount(mask.word(unit >> 6) & ((1L << rest) - 1));
  }

  /**
   * Fills what remains of {@code target} with values from a unit on.
   *
   * @param before kept units before that one
   */
  public static void read(Mask mask, float[] kept, int from, int before, FloatBuffer target) {
    int start = target.position();
    int end = from + target.remaining();
    while (target.hasRemaining()) {
      target.put(ZEROS, 0, Math.min(ZEROS.length, target.remaining()));
    }
    int index = before;
    for (int unit = mask.nextKept(from); 0 <= unit && unit < end; unit = mask.nextKept(unit + 1)) {
      target.put(start + unit - from, kept[index++]);
    }
  }

  /** Appends the values of wanted units, in their order. */
  public static void gather(Mask mask, float[] kept, Mask wanted, FloatBuffer target) {
    if (wanted.equals(mask)) {
      target.put(kept);
      return;
    }
    int next = mask.nextKept(0);
    int index = 0;
    for (int unit = wanted.nextKept(0); unit >= 0; unit = wanted.nextKept(unit + 1)) {
      for (; next >= 0 && next < unit; index++) {
        next = mask.nextKept(next + 1);
      }
      target.put(next == unit ? kept[index] : 0f);
    }
  }
}
