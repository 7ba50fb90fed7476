package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a graph sees sequences: {@code [positions, features]}, where layers have features first. */
final class SequenceView {
  private SequenceView() {}

  /** A layer's output as graphs have it, features last. */
  static Signal featuresLast(GraphDraft draft, String node) {
    TensorShape shape = draft.shape(node);
    return new Signal(node, List.of(shape.positions(), shape.channels()), turned(shape));
  }

  static boolean isFeaturesLast(GraphDraft draft, Signal signal) {
    TensorShape shape = draft.shape(signal.node());
    return shape.isSequence()
        && signal.dimensions().equals(List.of(shape.positions(), shape.channels()))
        && signal.order().equals(turned(shape));
  }

  /** Whether a graph has a sequence as layers have it. */
  static boolean isFeaturesFirst(GraphDraft draft, Signal signal) {
    TensorShape shape = draft.shape(signal.node());
    return shape.isSequence()
        && signal.dimensions().equals(shape.dimensions())
        && signal.order().isPlain();
  }

  /** The axis of features, without the batch; empty for what is no sequence and no vector. */
  static OptionalInt featureAxis(GraphDraft draft, Signal signal) {
    boolean vector = draft.shape(signal.node()).isVector() && signal.dimensions().size() == 1;
    if (vector || isFeaturesFirst(draft, signal)) {
      return OptionalInt.of(0);
    }
    return isFeaturesLast(draft, signal) ? OptionalInt.of(1) : OptionalInt.empty();
  }

  /**
   * A value as a sequence with pending numbers applied: one already, or the pixels of an image in a
   * row, which become positions; empty for all else.
   */
  static Optional<Signal> sequence(OperationCall call, Signal signal) {
    if (positionAxis(call.draft(), signal).isPresent()) {
      return Optional.of(call.applied(signal));
    }
    TensorShape image = call.draft().shape(signal.node());
    List<Integer> row = List.of(image.channels(), image.size() / image.channels());
    TopologicalOrder plain = TopologicalOrder.plain(image.size());
    boolean first = signal.dimensions().equals(row) && signal.order().equals(plain);
    boolean last =
        signal.dimensions().equals(List.of(row.get(1), row.get(0)))
            && signal.order().equals(plain.transposed(row, List.of(1, 0)));
    if (image.dimensions().size() != 3 || !(first || last)) {
      return Optional.empty();
    }
    Signal applied = call.applied(signal);
    String node = call.draft().add(call.name("sequence"), new FlattenPositions(), applied.node());
    return Optional.of(new Signal(node, applied.dimensions(), applied.order()));
  }

  /** The axis of a sequence's positions, with the batch as axis 0; empty for what is none. */
  static OptionalInt positionAxis(GraphDraft draft, Signal signal) {
    OptionalInt features = featureAxis(draft, signal);
    return features.isPresent() && signal.dimensions().size() == 2
        ? OptionalInt.of(2 - features.getAsInt())
        : OptionalInt.empty();
  }

  /**
   * Whether a value is that of heads, {@code [heads, parts · positions, size]}, whose features are
   * a layer's: those of a head behind one another, and parts of one head too.
   */
  static boolean isOfHeads(GraphDraft draft, Signal signal, int heads, int size) {
    TensorShape shape = draft.shape(signal.node());
    return shape.isSequence()
        && shape.channels() % (heads * size) == 0
        && signal.order().equals(ofHeads(shape, heads, size));
  }

  /** The order of {@code [heads, parts · positions, size]}. */
  static TopologicalOrder ofHeads(TensorShape shape, int heads, int size) {
    int parts = shape.channels() / heads / size;
    return TopologicalOrder.plain(shape.size())
        .transposed(List.of(heads, parts, size, shape.positions()), List.of(0, 1, 3, 2));
  }

  private static TopologicalOrder turned(TensorShape shape) {
    return TopologicalOrder.plain(shape.size()).transposed(shape.dimensions(), List.of(1, 0));
  }
}
