package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.onnx.read.AxisMapping.Stretch;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The first position of a sequence, by an index or by a slice of one place. */
final class FirstPositionPattern {
  private FirstPositionPattern() {}

  static Optional<ConvertedValue> gathered(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal)) {
      return Optional.empty();
    }
    OptionalInt positions = SequenceView.positionAxis(call.draft(), signal);
    int axis = AxisMapping.of(call.attributes().whole("axis", 0), signal.dimensions().size() + 1);
    if (positions.isEmpty() || axis != positions.getAsInt()) {
      return Optional.empty();
    }
    OnnxConstant index = call.requiredConstant(1);
    if (index.size() != 1 || index.single() != 0) {
      throw new GraphException(
          "an index of a sequence's positions must be that of the first one, 0: indices="
              + (index.size() == 1 ? "" + (long) index.single() : index.dimensions() + " numbers"));
    }
    return Optional.of(first(call, signal, axis, index.dimensions()));
  }

  static Optional<ConvertedValue> sliced(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal)) {
      return Optional.empty();
    }
    OptionalInt positions = SequenceView.positionAxis(call.draft(), signal);
    if (positions.isEmpty()) {
      return Optional.empty();
    }
    int axis = positions.getAsInt();
    List<Stretch> whole =
        signal.dimensions().stream().map(length -> new Stretch(0, 1, length)).toList();
    List<Stretch> taken = new ArrayList<>(SliceBounds.ofExample(call, signal));
    if (taken.equals(whole)) {
      return Optional.of(signal);
    }
    Stretch places = taken.set(axis - 1, whole.get(axis - 1));
    if (!taken.equals(whole) || places.first() != 0 || places.count() != 1) {
      throw new GraphException(
          "a slice of a sequence must be its first position, with all features: positions from %d, number=%d"
              .formatted(places.first(), places.count()));
    }
    return Optional.of(first(call, signal, axis, List.of(1)));
  }

  /**
   * Adds the layer.
   *
   * @param left axes of length 1 in place of that of the positions
   */
  private static Signal first(OperationCall call, Signal signal, int axis, List<Integer> left) {
    Signal applied = call.applied(signal);
    String node = call.draft().add(call.name(""), new FirstPosition(), applied.node());
    List<Integer> dimensions = new ArrayList<>(applied.dimensions());
    dimensions.remove(axis - 1);
    dimensions.addAll(axis - 1, left);
    return new Signal(node, dimensions, TopologicalOrder.plain(call.draft().shape(node).size()));
  }
}
