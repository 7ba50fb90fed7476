package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.onnx.read.AxisMapping.Stretch;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.HeadHalf;
import io.espalier.trainer.onnx.read.ConvertedValue.RotaryTerm;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import io.espalier.trainer.onnx.read.ConvertedValue.SwappedHalves;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A rotary embedding: heads times cosines, plus those whose halves have changed places, times
 * sines. Export writes heads as {@code [heads, halves, pairs, positions]} and puts signs into the
 * sines; PyTorch's models have {@code [heads, positions, features]} and negate the half that comes
 * first.
 */
final class RotaryPattern {
  private static final double TOLERANCE = 1e-4;
  private static final List<Long> SWAPPED = List.of(1L, 0L);
  private static final float STANDARD_BASE = 10_000;

  private RotaryPattern() {}

  static Optional<ConvertedValue> swapped(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal && isHalved(call, signal))
        || !call.requiredConstant(1).isWhole()
        || !IntStream.range(0, call.requiredConstant(1).size())
            .mapToObj(i -> call.requiredConstant(1).wholes()[i])
            .toList()
            .equals(SWAPPED)
        || AxisMapping.of(call.attributes().whole("axis", 0), 5) != 2) {
      return Optional.empty();
    }
    return Optional.of(new SwappedHalves(signal, false));
  }

  /** Whether a value is {@code [heads, halves, pairs, positions]}, as export writes it. */
  private static boolean isHalved(OperationCall call, Signal signal) {
    return call.draft().shape(signal.node()).isSequence()
        && signal.order().isPlain()
        && signal.dimensions().size() == 4
        && signal.dimensions().get(1) == 2
        && signal.dimensions().get(3) == call.draft().shape(signal.node()).positions();
  }

  /** Whether a value is {@code [heads, positions, features]}, with an even number of features. */
  private static boolean isOfHeads(OperationCall call, Signal signal) {
    List<Integer> dimensions = signal.dimensions();
    return dimensions.size() == 3
        && dimensions.get(2) % 2 == 0
        && SequenceView.isOfHeads(call.draft(), signal, dimensions.get(0), dimensions.get(2))
        && call.draft().shape(signal.node()).positions() == dimensions.get(1);
  }

  static Optional<ConvertedValue> half(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal && isOfHeads(call, signal))) {
      return Optional.empty();
    }
    List<Integer> dimensions = signal.dimensions();
    int half = dimensions.get(2) / 2;
    List<Stretch> taken = SliceBounds.ofExample(call, signal);
    Stretch features = taken.get(2);
    boolean halves =
        taken.get(0).equals(new Stretch(0, 1, dimensions.get(0)))
            && taken.get(1).equals(new Stretch(0, 1, dimensions.get(1)))
            && features.equals(new Stretch(features.first(), 1, half))
            && features.first() % half == 0;
    return halves
        ? Optional.of(new HeadHalf(signal, features.first() > 0, false))
        : Optional.empty();
  }

  static Optional<ConvertedValue> negated(OperationCall call) {
    return call.required(0) instanceof HeadHalf half
        ? Optional.of(new HeadHalf(half.of(), half.second(), !half.negated()))
        : Optional.empty();
  }

  /** The second half, negated, in front of the first. */
  static Optional<ConvertedValue> joined(OperationCall call) {
    if (!(call.required(0) instanceof HeadHalf half)) {
      return Optional.empty();
    }
    Signal signal = half.of();
    if (call.inputs().size() != 2
        || !half.equals(new HeadHalf(signal, true, true))
        || !call.required(1).equals(new HeadHalf(signal, false, false))
        || AxisMapping.of(call.attributes().whole("axis", 1), 4) != 3) {
      throw new GraphException(
          "halves of heads must change places, the second one negated, as a rotary embedding does");
    }
    return Optional.of(new SwappedHalves(signal, true));
  }

  static Optional<ConvertedValue> term(OperationCall call) {
    return term(call, call.required(0), call.required(1))
        .or(() -> term(call, call.required(1), call.required(0)));
  }

  private static Optional<ConvertedValue> term(
      OperationCall call, ConvertedValue value, ConvertedValue factors) {
    if (!(factors instanceof Fixed fixed)) {
      return Optional.empty();
    } else if (value instanceof SwappedHalves swapped) {
      return table(call, swapped.of(), fixed.constant())
          .map(each -> new RotaryTerm(swapped.of(), true, swapped.negated() ? signed(each) : each));
    }
    return value instanceof Signal signal
        ? table(call, signal, fixed.constant()).map(each -> new RotaryTerm(signal, false, each))
        : Optional.empty();
  }

  /** A number for each feature of a head at each position, {@code [2, pairs, positions]}. */
  private static Optional<OnnxConstant> table(
      OperationCall call, Signal signal, OnnxConstant constant) {
    List<Integer> given = constant.dimensions();
    List<Integer> each = signal.dimensions().subList(1, signal.dimensions().size());
    int front = given.size() - each.size();
    boolean fits =
        front >= 0
            && given.subList(front, given.size()).equals(each)
            && given.subList(0, front).stream().allMatch(length -> length == 1);
    if (fits && isHalved(call, signal)) {
      return Optional.of(constant.reshaped(each));
    }
    return fits && isOfHeads(call, signal)
        ? Optional.of(
            constant
                .reshaped(each)
                .transposed(List.of(1, 0))
                .reshaped(List.of(2, each.get(1) / 2, each.get(0))))
        : Optional.empty();
  }

  /** A table with the first half negated. */
  private static OnnxConstant signed(OnnxConstant table) {
    float[] values = table.floats();
    for (int i = 0; i < values.length / 2; i++) {
      values[i] = -values[i];
    }
    return OnnxConstant.ofFloats(table.dimensions(), values);
  }

  static Optional<ConvertedValue> sum(OperationCall call) {
    if (!(call.required(0) instanceof RotaryTerm left
        && call.required(1) instanceof RotaryTerm right)) {
      return Optional.empty();
    }
    RotaryTerm kept = left.swapped() ? right : left;
    RotaryTerm turned = left.swapped() ? left : right;
    Signal signal = kept.of();
    int pairs = kept.factors().dimensions().get(1);
    float base = base(turned.factors());
    boolean fits =
        signal.shift() == 0
            && !kept.swapped()
            && turned.swapped()
            && turned.of().equals(signal)
            && IntStream.range(0, kept.factors().size())
                .allMatch(i -> isTurned(kept, turned, i, base));
    if (!fits) {
      throw new GraphException(
          "sums of products with constants for each place must turn pairs of features, as a rotary"
              + " embedding does");
    }
    Layer layer = new RotaryEmbedding(2 * pairs, base);
    String node = call.draft().add(call.name(""), layer, signal.node());
    return Optional.of(new Signal(node, signal.dimensions(), signal.order()).times(signal.scale()));
  }

  /** The base, from the angle of the second pair at position 1. */
  private static float base(OnnxConstant sines) {
    int pairs = sines.dimensions().get(1);
    int positions = sines.dimensions().get(2);
    if (pairs == 1 || positions == 1) {
      return STANDARD_BASE;
    }
    double angle = Math.asin(sines.number((pairs + 1) * positions + 1));
    return Math.round(Math.pow(angle, -pairs));
  }

  private static boolean isTurned(RotaryTerm kept, RotaryTerm turned, int place, float base) {
    List<Integer> dimensions = kept.factors().dimensions();
    int positions = dimensions.get(2);
    int pair = place / positions % dimensions.get(1);
    double angle = place % positions * Math.pow(base, -(double) pair / dimensions.get(1));
    double sign = place < kept.factors().size() / 2 ? -1 : 1;
    return Math.abs(kept.factors().number(place) - Math.cos(angle)) <= TOLERANCE
        && Math.abs(turned.factors().number(place) - sign * Math.sin(angle)) <= TOLERANCE;
  }
}
