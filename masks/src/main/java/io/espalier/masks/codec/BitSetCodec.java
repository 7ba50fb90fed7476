package io.espalier.masks.codec;

import io.espalier.masks.Mask;

/**
 * One mask of known size as bits near its entropy.
 *
 * <pre>
 * +-----------+----------------+-----------+----------------------------------+
 * | any kept  | kept           | r         | body                             |
 * | 1 bit     | ⌈log2(n+1)⌉    | 5 bits    |                                  |
 * +-----------+----------------+-----------+----------------------------------+
 *       0 ends the mask   kept = n ends it
 *
 * body, r = 0:  n bits, 1 = kept
 * body, r &gt; 0:  for each unit of the rarer kind, the gap g to the one before it:
 *               ⌊g / 2^r⌋ zeros, a one, then the r low bits of g
 * </pre>
 *
 * <p>Gaps of random units are geometric, for which Golomb codes are optimal ("Run-length
 * encodings", Golomb, 1966); their power-of-two kind (Rice, 1979) costs at most some 4 % more than
 * the entropy.
 */
final class BitSetCodec {
  private static final int PARAMETER_BITS = 5;

  private BitSetCodec() {}

  static void write(Mask mask, BitWriter out) {
    out.write(mask.kept() == 0 ? 0 : 1, 1);
    if (mask.kept() == 0) {
      return;
    }
    out.write(mask.kept(), countBits(mask.size()));
    if (mask.pruned() == 0) {
      return;
    }
    Mask rarer = rarer(mask);
    int parameter = cheapestParameter(rarer);
    out.write(parameter, PARAMETER_BITS);
    if (parameter == 0) {
      writePacked(mask, out);
    } else {
      writeGaps(rarer, parameter, out);
    }
  }

  static Mask read(int size, BitReader in) {
    if (in.read(1) == 0) {
      return Mask.noneKept(size);
    }
    int kept = (int) in.read(countBits(size));
    if (kept < 1 || kept > size) {
      throw new DamagedMaskException(
          "a mask must keep from 1 to all of its units: kept=%d, units=%d".formatted(kept, size));
    }
    if (kept == size) {
      return Mask.allKept(size);
    }
    int parameter = (int) in.read(PARAMETER_BITS);
    Mask mask = parameter == 0 ? readPacked(size, in) : readGaps(size, kept, parameter, in);
    if (mask.kept() != kept) {
      throw new DamagedMaskException(
          "a mask must have as many bits as it says: bits=%d, said=%d"
              .formatted(mask.kept(), kept));
    }
    return mask;
  }

  private static Mask rarer(Mask mask) {
    return keptIsRarer(mask.kept(), mask.size()) ? mask : Mask.allKept(mask.size()).andNot(mask);
  }

  private static boolean keptIsRarer(int kept, int size) {
    return kept <= size - kept;
  }

  /** The Rice parameter of fewest bits, among those near the logarithm of the mean gap. */
  private static int cheapestParameter(Mask units) {
    int mean = 31 - Integer.numberOfLeadingZeros(Math.max(1, units.size() / units.kept()));
    int first = Math.max(1, mean - 1);
    long[] quotients = new long[3];
    int previous = -1;
    for (int i = 0; i < units.wordCount(); i++) {
      for (long rest = units.word(i); rest != 0; rest &= rest - 1) {
        int unit = (i << 6) + Long.numberOfTrailingZeros(rest);
        int gap = unit - previous - 1;
        quotients[0] += gap >>> first;
        quotients[1] += gap >>> (first + 1);
        quotients[2] += gap >>> (first + 2);
        previous = unit;
      }
    }
    int best = 0;
    long bits = units.size();
    for (int i = 0; i < quotients.length; i++) {
      long cost = units.kept() * (first + i + 1L) + quotients[i];
      if (cost < bits) {
        bits = cost;
        best = first + i;
      }
    }
    return best;
  }

  private static void writePacked(Mask mask, BitWriter out) {
    for (int i = 0; i < mask.wordCount(); i++) {
      out.write(mask.word(i), Math.min(64, mask.size() - (i << 6)));
    }
  }

  private static Mask readPacked(int size, BitReader in) {
    long[] words = new long[(size + 63) >> 6];
    for (int i = 0; i < words.length; i++) {
      words[i] = in.read(Math.min(64, size - (i << 6)));
    }
    return Mask.ofWords(size, words);
  }

  private static void writeGaps(Mask units, int parameter, BitWriter out) {
    long low = (1L << parameter) - 1;
    int previous = -1;
    for (int i = 0; i < units.wordCount(); i++) {
      for (long rest = units.word(i); rest != 0; rest &= rest - 1) {
        int unit = (i << 6) + Long.numberOfTrailingZeros(rest);
        int gap = unit - previous - 1;
        out.writeUnary(gap >>> parameter);
        out.write(gap & low, parameter);
        previous = unit;
      }
    }
  }

  private static Mask readGaps(int size, int kept, int parameter, BitReader in) {
    boolean keptIsRarer = keptIsRarer(kept, size);
    int count = keptIsRarer ? kept : size - kept;
    long[] words = new long[(size + 63) >> 6];
    long unit = -1;
    for (int i = 0; i < count; i++) {
      long quotient = Math.min(in.readUnary(), size);
      unit += 1 + (quotient << parameter | in.read(parameter));
      if (unit >= size) {
        throw new DamagedMaskException(
            "a mask's bits must lie within its units: bit=%d, units=%d".formatted(unit, size));
      }
      words[(int) unit >> 6] |= 1L << unit;
    }
    Mask units = Mask.ofWords(size, words);
    return keptIsRarer ? units : Mask.allKept(size).andNot(units);
  }

  /** Bits of a number from 0 to {@code size}. */
  private static int countBits(int size) {
    return 32 - Integer.numberOfLeadingZeros(size);
  }
}
