package io.espalier.masks.codec;

import io.espalier.masks.Mask;

/**
 * One mask of known size as bits near its entropy; {@link Coding} writes what this reads.
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
  static final int PARAMETER_BITS = 5;

  private BitSetCodec() {}

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

  static boolean keptIsRarer(int kept, int size) {
    return kept <= size - kept;
  }

  private static Mask readPacked(int size, BitReader in) {
    long[] words = new long[(size + 63) >> 6];
    for (int i = 0; i < words.length; i++) {
      words[i] = in.read(Math.min(64, size - (i << 6)));
    }
    return Mask.ofWords(size, words);
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

  static int countBits(int size) {
    return 32 - Integer.numberOfLeadingZeros(size);
  }
}
