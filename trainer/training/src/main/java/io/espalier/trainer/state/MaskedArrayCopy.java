package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Packs and unpacks living values block by block. Not thread-safe. */
final class MaskedArrayCopy {
  private static final int WORDS = 64;

  private static final double FEW = 0.15;

  private final float[] block = new float[WORDS << 6];
  private final float[] living = new float[WORDS << 6];

  void gather(FloatBuffer source, Mask mask, FloatBuffer target) {
    boolean few = mask.kept() < FEW * mask.size();
    for (int word = 0; word < mask.wordCount(); word += WORDS) {
      int count = few ? pick(source, mask, word) : compress(source, mask, word, length(mask, word));
      target.put(living, 0, count);
    }
  }

  private int pick(FloatBuffer source, Mask mask, int first) {
    int count = 0;
    for (int i = first; i < end(mask, first); i++) {
      for (long bits = mask.word(i); bits != 0; bits &= bits - 1) {
        living[count++] = source.get((i << 6) + Long.numberOfTrailingZeros(bits));
      }
    }
    return count;
  }

  private int compress(FloatBuffer source, Mask mask, int first, int length) {
    source.get(first << 6, block, 0, length);
    int count = 0;
    for (int i = first; i < end(mask, first); i++) {
      int base = (i - first) << 6;
      for (long bits = mask.word(i); bits != 0; bits &= bits - 1) {
        living[count++] = block[base + Long.numberOfTrailingZeros(bits)];
      }
    }
    return count;
  }

  /** Reads the living values of {@code target} from {@code source}, and sets the others to 0. */
  void scatter(FloatBuffer source, Mask mask, FloatBuffer target) {
    for (int word = 0; word < mask.wordCount(); word += WORDS) {
      source.get(living, 0, count(mask, word));
      Arrays.fill(block, 0);
      int next = 0;
      for (int i = word; i < end(mask, word); i++) {
        int base = (i - word) << 6;
        for (long bits = mask.word(i); bits != 0; bits &= bits - 1) {
          block[base + Long.numberOfTrailingZeros(bits)] = living[next++];
        }
      }
      target.put(word << 6, block, 0, length(mask, word));
    }
  }

  void clear(FloatBuffer values, Mask mask) {
    for (int word = 0; word < mask.wordCount(); word += WORDS) {
      int length = length(mask, word);
      if (count(mask, word) < length) {
        values.get(word << 6, block, 0, length);
        for (int i = word; i < end(mask, word); i++) {
          clear(block, (i - word) << 6, mask.word(i));
        }
        values.put(word << 6, block, 0, length);
      }
    }
  }

  private static void clear(float[] block, int base, long alive) {
    long rest = alive;
    for (int unit = base; unit < base + 64; unit++) {
      int bits = Float.floatToRawIntBits(block[unit]) & -((int) rest & 1);
      block[unit] = Float.intBitsToFloat(bits);
      rest >>>= 1;
    }
  }

  private static int count(Mask mask, int first) {
    int count = 0;
    for (int i = first; i < end(mask, first); i++) {
      count += Long.bitCount(mask.word(i));
    }
    return count;
  }

  private static int end(Mask mask, int first) {
    return Math.min(mask.wordCount(), first + WORDS);
  }

  private static int length(Mask mask, int first) {
    return Math.min(WORDS << 6, mask.size() - (first << 6));
  }
}
