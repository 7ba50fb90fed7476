package io.espalier.masks.codec;

import io.espalier.masks.Mask;

/**
 * The size and {@link BitSetCodec} encoding of one mask; the size is known before any bit is
 * written.
 */
final class Coding {
  private final Mask mask;
  private final Mask rarer;

  /** Low bits of a gap; 0 if the mask is written bit by bit. */
  private final int parameter;

  private final long bits;

  private Coding(Mask mask, Mask rarer, int parameter, long bodyBits) {
    this.mask = mask;
    this.rarer = rarer;
    this.parameter = parameter;
    this.bits = headBits(mask) + bodyBits;
  }

  /** The coding of fewest bits, among Rice parameters near the logarithm of the mean gap. */
  static Coding of(Mask mask) {
    if (mask.kept() == 0 || mask.pruned() == 0) {
      return new Coding(mask, mask, 0, 0);
    }
    Mask rarer =
        BitSetCodec.keptIsRarer(mask.kept(), mask.size())
            ? mask
            : Mask.allKept(mask.size()).andNot(mask);
    int mean = 31 - Integer.numberOfLeadingZeros(rarer.size() / rarer.kept());
    int first = Math.max(1, mean - 1);
    long[] quotients = quotients(rarer, first);
    Coding best = new Coding(mask, rarer, 0, mask.size());
    for (int i = 0; i < quotients.length; i++) {
      int parameter = first + i;
      long cost = rarer.kept() * (parameter + 1L) + quotients[i];
      if (headBits(mask) + cost < best.bits) {
        best = new Coding(mask, rarer, parameter, cost);
      }
    }
    return best;
  }

  /** Sums of all gaps divided by {@code 2^first} and the next two powers of two. */
  private static long[] quotients(Mask units, int first) {
    long one = 0;
    long two = 0;
    long four = 0;
    int previous = -1;
    for (int i = 0; i < units.wordCount(); i++) {
      for (long rest = units.word(i); rest != 0; rest &= rest - 1) {
        int unit = (i << 6) + Long.numberOfTrailingZeros(rest);
        int quotient = (unit - previous - 1) >>> first;
        one += quotient;
        two += quotient >>> 1;
        four += quotient >>> 2;
        previous = unit;
      }
    }
    return new long[] {one, two, four};
  }

  private static int headBits(Mask mask) {
    if (mask.kept() == 0) {
      return 1;
    }
    int counted = 1 + BitSetCodec.countBits(mask.size());
    return mask.pruned() == 0 ? counted : counted + BitSetCodec.PARAMETER_BITS;
  }

  long bits() {
    return bits;
  }

  void write(BitWriter out) {
    out.write(mask.kept() == 0 ? 0 : 1, 1);
    if (mask.kept() == 0) {
      return;
    }
    out.write(mask.kept(), BitSetCodec.countBits(mask.size()));
    if (mask.pruned() == 0) {
      return;
    }
    out.write(parameter, BitSetCodec.PARAMETER_BITS);
    if (parameter == 0) {
      writePacked(out);
    } else {
      writeGaps(out);
    }
  }

  private void writePacked(BitWriter out) {
    for (int i = 0; i < mask.wordCount(); i++) {
      out.write(mask.word(i), Math.min(64, mask.size() - (i << 6)));
    }
  }

  private void writeGaps(BitWriter out) {
    long low = (1L << parameter) - 1;
    int previous = -1;
    for (int i = 0; i < rarer.wordCount(); i++) {
      for (long rest = rarer.word(i); rest != 0; rest &= rest - 1) {
        int unit = (i << 6) + Long.numberOfTrailingZeros(rest);
        int gap = unit - previous - 1;
        out.writeGap(gap >>> parameter, gap & low, parameter);
        previous = unit;
      }
    }
  }
}
