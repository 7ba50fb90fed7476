package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.RotaryTerm;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A rotary embedding as export writes it: heads {@code [heads, halves, pairs, positions]} times
 * cosines, plus those whose halves have changed places, times sines.
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
    return Optional.of(new Signal(signal.node(), signal.dimensions(), swapped(signal)));
  }

  private static boolean isHalved(OperationCall call, Signal signal) {
    return call.draft().shape(signal.node()).isSequence()
        && signal.isPlain()
        && signal.dimensions().size() == 4
        && signal.dimensions().get(1) == 2;
  }

  private static TopologicalOrder swapped(Signal signal) {
    int half = signal.dimensions().get(2) * signal.dimensions().get(3);
    int size = OnnxConstant.size(signal.dimensions());
    return signal
        .order()
        .picked(IntStream.range(0, size).map(i -> i / half % 2 == 0 ? i + half : i - half));
  }

  static Optional<ConvertedValue> term(OperationCall call) {
    return call.required(0) instanceof Signal signal
            && call.required(1) instanceof Fixed table
            && isHalved(call, signal)
            && table.constant().dimensions().equals(signal.dimensions().subList(1, 4))
        ? Optional.of(new RotaryTerm(signal, table.constant()))
        : Optional.empty();
  }

  static Optional<ConvertedValue> sum(OperationCall call) {
    if (!(call.required(0) instanceof RotaryTerm kept
        && call.required(1) instanceof RotaryTerm turned)) {
      return Optional.empty();
    }
    Signal signal = kept.of();
    int pairs = signal.dimensions().get(2);
    float base = base(turned.factors(), pairs, signal.dimensions().get(3));
    boolean fits =
        signal.order().isPlain()
            && turned.of().node().equals(signal.node())
            && turned.of().order().equals(swapped(signal))
            && IntStream.range(0, kept.factors().size())
                .allMatch(i -> isTurned(kept, turned, i, base));
    if (!fits) {
      throw new GraphException(
          "sums of products with constants for each place must turn pairs of features, as a rotary"
              + " embedding does");
    }
    Layer layer = Layer.rotaryEmbedding(2 * pairs, base);
    return Optional.of(
        new Signal(
            call.draft().add(call.name(""), layer, signal.node()),
            signal.dimensions(),
            signal.order()));
  }

  /** The base, from the angle of the second pair at position 1. */
  private static float base(OnnxConstant sines, int pairs, int positions) {
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
