package io.espalier.masks.codec;

import io.espalier.masks.Mask;

/** A set of units as a mask over the units of a larger set, numbered in order, and back. */
final class Subset {
  private Subset() {}

  /**
   * Numbers the units of {@code universe} from 0 and keeps the numbers of its units {@code
   * members}.
   */
  static Mask compress(Mask universe, Mask members) {
    long[] words = new long[(universe.kept() + 63) >> 6];
    int base = 0;
    for (int i = 0; i < universe.wordCount(); i++) {
      long places = universe.word(i);
      int count = Long.bitCount(places);
      long numbers = extract(members.word(i), places);
      if (numbers != 0) {
        words[base >> 6] |= numbers << base;
        if ((base & 63) + count > 64) {
          words[(base >> 6) + 1] |= numbers >>> -base;
        }
      }
      base += count;
    }
    return Mask.ofWords(universe.kept(), words);
  }

  static Mask expand(Mask universe, Mask numbers) {
    long[] words = new long[universe.wordCount()];
    int base = 0;
    for (int i = 0; i < words.length; i++) {
      long all = universe.word(i);
      int count = Long.bitCount(all);
      words[i] = deposit(bits(numbers, base, count), all);
      base += count;
    }
    return Mask.ofWords(universe.size(), words);
  }

  /** {@code count} bits from bit {@code from} on, from 0 to 64. */
  private static long bits(Mask mask, int from, int count) {
    if (count == 0) {
      return 0;
    }
    int index = from >> 6;
    long value = mask.word(index) >>> from;
    if ((from & 63) + count > 64) {
      value |= mask.word(index + 1) << -from;
    }
    return value & -1L >>> -count;
  }

  /** Gathers the bits of {@code members} at the set bits of {@code places}, in order. */
  private static long extract(long members, long places) {
    if (places == -1L) {
      return members;
    }
    long result = 0;
    for (long rest = members; rest != 0; rest &= rest - 1) {
      result |= 1L << Long.bitCount(places & (Long.lowestOneBit(rest) - 1));
    }
    return result;
  }

  /** Spreads the low bits of {@code numbers} over the set bits of {@code places}, in order. */
  private static long deposit(long numbers, long places) {
    if (places == -1L) {
      return numbers;
    }
    long result = 0;
    long rest = places;
    for (long left = numbers; left != 0; left >>>= 1) {
      result |= Long.lowestOneBit(rest) & -(left & 1);
      rest &= rest - 1;
    }
    return result;
  }
}
