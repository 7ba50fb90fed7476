package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.ConvertedValue.Repeated;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Heads of keys and values that several heads of queries read, as exporters of PyTorch repeat them:
 * an axis behind the heads is expanded and becomes part of theirs.
 */
final class RepeatedHeads {
  private static final List<Integer> TURNED = List.of(0, 2, 1);

  private RepeatedHeads() {}

  /** {@code [heads, 1, positions, size]} becomes {@code [heads, times, positions, size]}. */
  static Optional<ConvertedValue> expanded(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal
        && signal.dimensions().size() == 4
        && signal.dimensions().get(1) == 1)) {
      return Optional.empty();
    }
    long[] target = call.requiredConstant(1).wholes();
    List<Integer> heads = new ArrayList<>(signal.dimensions());
    heads.remove(1);
    boolean repeats = target.length == 5 && target[2] >= 1 && target[2] <= Integer.MAX_VALUE;
    for (int axis = 0; repeats && axis < 4; axis++) {
      repeats =
          axis == 1 || target[axis + 1] == 1 || target[axis + 1] == signal.dimensions().get(axis);
    }
    if (!repeats) {
      return Optional.empty();
    }
    return Optional.of(new Repeated(signal.seenAs(heads), (int) target[2], false));
  }

  /** {@code [heads · times, positions, size]}. */
  static Optional<ConvertedValue> joined(OperationCall call) {
    if (!(call.required(0) instanceof Repeated repeated)) {
      return Optional.empty();
    }
    List<Integer> heads = new ArrayList<>(repeated.of().dimensions());
    heads.set(0, heads.get(0) * repeated.times());
    BatchPlace place =
        BatchPlace.first(heads)
            .reshaped(call.requiredConstant(1).wholes(), call.translation().batch());
    if (!place.isFirst() || !place.dimensions().equals(heads)) {
      throw new GraphException(
          "repeated heads must become heads of attention: shape=%s, heads=%s"
              .formatted(BatchPlace.shown(place), heads));
    }
    return Optional.of(new Repeated(repeated.of(), repeated.times(), true));
  }

  static Optional<ConvertedValue> transposed(OperationCall call) {
    if (!(call.required(0) instanceof Repeated repeated)) {
      return Optional.empty();
    }
    if (!AxisMapping.order(call.attributes().wholes("perm"), 4).equals(List.of(0, 1, 3, 2))) {
      throw new GraphException("of repeated heads the last two axes may change places alone");
    }
    Signal of = repeated.of();
    Signal turned =
        new Signal(
            of.node(),
            TURNED.stream().map(of.dimensions()::get).toList(),
            of.order().transposed(of.dimensions(), TURNED),
            of.scale(),
            of.shift());
    return Optional.of(new Repeated(turned, repeated.times(), repeated.joined()));
  }

  /** A value, if it is heads that come several times. */
  static Optional<Repeated> of(ConvertedValue value) {
    return value instanceof Repeated repeated && repeated.joined()
        ? Optional.of(repeated)
        : Optional.empty();
  }

  /** Queries {@code [heads · times, positions, size]} by the heads of keys that they read. */
  static Signal grouped(Signal queries, int times) {
    List<Integer> heads = queries.dimensions();
    if (heads.size() != 3 || heads.get(0) % times != 0) {
      throw new GraphException(
          "heads of queries must be a multiple of those of keys: queries=%s, times=%d"
              .formatted(heads, times));
    }
    return queries.seenAs(List.of(heads.get(0) / times, heads.get(1) * times, heads.get(2)));
  }
}
