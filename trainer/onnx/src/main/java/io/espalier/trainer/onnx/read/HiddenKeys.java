package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.OfPadding;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * Which keys a row of queries does not read, {@code [rows, positions]} for each of {@link
 * PaddingCases}. Immutable.
 */
record HiddenKeys(int rows, int positions, List<BitSet> cases, OptionalInt padding) {
  /** From here on a number hides a key that it is added to. */
  private static final double HIDES = -1000;

  HiddenKeys {
    cases = List.copyOf(cases);
  }

  static HiddenKeys none(int rows, int positions) {
    return new HiddenKeys(
        rows,
        positions,
        Collections.nCopies(PaddingCases.COUNT, new BitSet()),
        OptionalInt.empty());
  }

  /** Whether a value hides keys where it is added to products; it must do nothing else. */
  static boolean hides(double value) {
    if ((value > HIDES && Math.abs(value) > 1e-6) || Double.isNaN(value)) {
      throw new GraphException(
          "a mask of attention must add 0 or a large negative number: value=" + value);
    }
    return value <= HIDES;
  }

  /** Also without the keys whose value passes a test. */
  HiddenKeys and(ConvertedValue mask, DoublePredicate hides) {
    if (mask instanceof Fixed fixed) {
      BitSet more = bits(fixed.constant(), hides);
      return with(Collections.nCopies(PaddingCases.COUNT, more), OptionalInt.empty());
    } else if (mask instanceof OfPadding ofPadding) {
      return with(
          ofPadding.cases().stream().map(each -> bits(each, hides)).toList(), ofPadding.padding());
    }
    throw new GraphException("a mask of attention must depend on places and padding alone");
  }

  private HiddenKeys with(List<BitSet> more, OptionalInt id) {
    List<BitSet> all =
        IntStream.range(0, PaddingCases.COUNT)
            .mapToObj(
                text -> {
                  BitSet both = (BitSet) cases.get(text).clone();
                  both.or(more.get(text));
                  return both;
                })
            .toList();
    return new HiddenKeys(rows, positions, all, id.isPresent() ? id : padding);
  }

  private BitSet bits(OnnxConstant mask, DoublePredicate hides) {
    List<Integer> given = mask.dimensions();
    List<Integer> ofHead = given.subList(Math.max(0, given.size() - 2), given.size());
    int size = OnnxConstant.size(ofHead);
    for (int i = size; i < mask.size(); i++) {
      if (mask.number(i) != mask.number(i - size)) {
        throw new GraphException("a mask of attention must be alike for all heads: shape=" + given);
      }
    }
    // Rows of several heads that read the same keys have the same mask.
    boolean ofOneHead = ofHead.size() == 2 && ofHead.get(0) == positions;
    int distinct = ofOneHead && rows % positions == 0 ? positions : rows;
    int[] sources = AxisMapping.broadcastSources(ofHead, List.of(distinct, positions));
    BitSet bits = new BitSet();
    for (int i = 0; i < rows * positions; i++) {
      bits.set(i, hides.test(mask.number(sources[i % sources.length])));
    }
    return bits;
  }

  boolean isCausal() {
    return !cases.get(0).isEmpty();
  }

  boolean isOfPadding() {
    return cases.stream().distinct().count() > 1;
  }

  /** Requires that keys are hidden because they are later, or padding. */
  HiddenKeys verified() {
    boolean causal = isCausal();
    boolean ofPadding = isOfPadding();
    for (int text = 0; text < cases.size(); text++) {
      for (int i = 0; i < rows * positions; i++) {
        int key = i % positions;
        boolean later = causal && key > i / positions % positions;
        boolean expected = later || (ofPadding && PaddingCases.isPadding(text, key));
        if (cases.get(text).get(i) != expected) {
          throw new GraphException(
              "a mask of attention must hide padding, or all later positions: row=%d, key=%d"
                  .formatted(i / positions, key));
        }
      }
    }
    return this;
  }
}
