package io.espalier.masks;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * One bit per unit of one parameter, 1 = kept, packed 64 to a word: unit {@code u} is bit {@code u
 * & 63} of word {@code u >> 6}. Invariant: <em>ghost bits past the end are clear</em>. Counting,
 * comparing, hashing and the set operations rely on it. Immutable.
 */
public final class Mask {
  private final int size;
  private final long[] words;
  private final int kept;

  private Mask(int size, long[] words) {
    this.size = size;
    this.words = words;
    assert ghostBitsAreClear(size, words) : "ghost bits past the end must be clear";
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    this.kept = count;
  }

  public static Mask allKept(int size) {
    long[] words = new long[wordsFor(size)];
    Arrays.fill(words, -1L);
    if ((size & 63) != 0) {
      words[words.length - 1] = -1L >>> -size;
    }
    return new Mask(size, words);
  }

  public static Mask noneKept(int size) {
    return new Mask(size, new long[wordsFor(size)]);
  }

  /** Keeps the units for which {@code keep} holds; for small masks and tests. */
  public static Mask of(int size, IntPredicate keep) {
    long[] words = new long[wordsFor(size)];
    for (int unit = 0; unit < size; unit++) {
      if (keep.test(unit)) {
        words[unit >> 6] |= 1L << unit;
      }
    }
    return new Mask(size, words);
  }

  /** A mask of the given words, which are copied; their number must fit and ghost bits be clear. */
  public static Mask ofWords(int size, long[] words) {
    if (words.length != wordsFor(size) || !ghostBitsAreClear(size, words)) {
      throw new IllegalArgumentException(
          "a mask must have ceil(size / 64) words and clear bits past its end: size=%d, words=%d"
              .formatted(size, words.length));
    }
    return new Mask(size, words.clone());
  }

  public int size() {
    return size;
  }

  public int kept() {
    return kept;
  }

  public int pruned() {
    return size - kept;
  }

  public boolean isKept(int unit) {
    if (unit < 0 || unit >= size) {
      throw new IndexOutOfBoundsException(
          "a unit must be from 0 to size - 1: unit=%d, size=%d".formatted(unit, size));
    }
    return (words[unit >> 6] >>> unit & 1) != 0;
  }

  public Mask and(Mask other) {
    requireSameSize(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= other.words[i];
    }
    return new Mask(size, result);
  }

  /** Units kept here and not by the other. */
  public Mask andNot(Mask other) {
    requireSameSize(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= ~other.words[i];
    }
    return new Mask(size, result);
  }

  public Mask or(Mask other) {
    requireSameSize(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] |= other.words[i];
    }
    return new Mask(size, result);
  }

  public int countAnd(Mask other) {
    requireSameSize(other);
    int count = 0;
    for (int i = 0; i < words.length; i++) {
      count += Long.bitCount(words[i] & other.words[i]);
    }
    return count;
  }

  /** Visits kept units in ascending order. */
  public void forEachKept(IntConsumer visit) {
    for (int i = 0; i < words.length; i++) {
      for (long rest = words[i]; rest != 0; rest &= rest - 1) {
        visit.accept((i << 6) + Long.numberOfTrailingZeros(rest));
      }
    }
  }

  /** The first kept unit at or after {@code from}, or -1; {@code from} may be {@code size}. */
  public int nextKept(int from) {
    if (from < 0 || from > size) {
      throw new IndexOutOfBoundsException(
          "a search must start from 0 to size: from=%d, size=%d".formatted(from, size));
    }
    if (from == size) {
      return -1;
    }
    int i = from >> 6;
    long rest = words[i] & -1L << from;
    while (rest == 0) {
      if (++i == words.length) {
        return -1;
      }
      rest = words[i];
    }
    return (i << 6) + Long.numberOfTrailingZeros(rest);
  }

  /** Number of words, {@code ceil(size / 64)}. */
  public int wordCount() {
    return words.length;
  }

  /** Units {@code 64 * index} and following, the first in the lowest bit. */
  public long word(int index) {
    return words[index];
  }

  /** Writes 1 for kept and 0 for pruned units; {@code target} must have {@code size} elements. */
  public void copyTo(float[] target) {
    if (target.length != size) {
      throw new IllegalArgumentException(
          "a target must have one element per unit: units=%d, elements=%d"
              .formatted(size, target.length));
    }
    for (int i = 0, unit = 0; i < words.length; i++) {
      long word = words[i];
      int end = Math.min(size, unit + 64);
      for (; unit < end; unit++) {
        target[unit] = (int) word & 1;
        word >>>= 1;
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask && size == mask.size && Arrays.equals(words, mask.words);
  }

  @Override
  public int hashCode() {
    return 31 * size + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "Mask(kept=%d of %d)".formatted(kept, size);
  }

  private void requireSameSize(Mask other) {
    if (size != other.size) {
      throw new IllegalArgumentException(
          "two masks must have the same size: size=%d, other=%d".formatted(size, other.size));
    }
  }

  private static int wordsFor(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("a mask's size must be 0 or more: size=" + size);
    }
    return (int) ((size + 63L) >> 6);
  }

  private static boolean ghostBitsAreClear(int size, long[] words) {
    return (size & 63) == 0 || (words[words.length - 1] & -1L << size) == 0;
  }
}
