package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.AxisMapping.Stretch;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Some features of a linear layer, as queries, keys and values that one product gives: a layer of
 * their own, with the rows of the weight that give them.
 */
final class LinearParts {
  private LinearParts() {}

  /** A slice of one axis, the batch first. */
  static Optional<ConvertedValue> sliced(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal)) {
      return Optional.empty();
    }
    List<Integer> lengths = signal.dimensions();
    List<Stretch> stretches = SliceBounds.ofExample(call, signal);
    int[] cut =
        IntStream.range(0, lengths.size())
            .filter(axis -> !stretches.get(axis).equals(new Stretch(0, 1, lengths.get(axis))))
            .toArray();
    return cut.length == 1
        ? of(call, signal, cut[0], stretches.get(cut[0])).map(part -> part)
        : Optional.empty();
  }

  /** One place of an axis, the batch first. */
  static Optional<ConvertedValue> gathered(OperationCall call) {
    if (!(call.required(0) instanceof Signal signal
        && call.required(1) instanceof Fixed index
        && index.constant().size() == 1)) {
      return Optional.empty();
    }
    int axis =
        AxisMapping.of(call.attributes().whole("axis", 0), signal.dimensions().size() + 1) - 1;
    if (axis < 0) {
      return Optional.empty();
    }
    int place = AxisMapping.of((long) index.constant().single(), signal.dimensions().get(axis));
    List<Integer> left = new ArrayList<>(signal.dimensions());
    left.remove(axis);
    left.addAll(axis, index.constant().dimensions());
    return of(call, signal, axis, new Stretch(place, 1, 1)).map(part -> part.seenAs(left));
  }

  /**
   * A stretch of one axis of a value; empty if that is not whole features of a linear layer.
   *
   * @param axis without the batch
   */
  static Optional<Signal> of(OperationCall call, Signal signal, int axis, Stretch stretch) {
    if (signal.node().equals(Network.INPUT)) {
      return Optional.empty();
    }
    GraphNode node = call.draft().node(signal.node());
    TensorShape shape = call.draft().shape(signal.node());
    boolean bias = node.layer().equals(new Linear(shape.channels(), true));
    if (!bias && !node.layer().equals(new Linear(shape.channels(), false))) {
      return Optional.empty();
    }
    call.draft().unfolding().use(3L * shape.size());
    int positions = shape.size() / shape.channels();
    int[] places = places(signal.dimensions(), axis, stretch);
    TopologicalOrder picked = signal.order().picked(Arrays.stream(places));
    BitSet features = new BitSet();
    picked.sources().forEach(source -> features.set(source / positions));
    if (features.cardinality() * positions != places.length || features.isEmpty()) {
      return Optional.empty();
    }
    int[] rank = new int[shape.channels()];
    int[] rows = features.stream().toArray();
    for (int i = 0; i < rows.length; i++) {
      rank[rows[i]] = i;
    }
    List<float[]> values = new ArrayList<>();
    call.draft().values(node.name()).forEach(all -> values.add(rows(all, rank.length, rows)));
    String part =
        call.draft()
            .add(
                call.translation().names().of(node.name() + ".part"),
                new Linear(rows.length, bias),
                node.inputs(),
                values);
    List<Integer> dimensions = new ArrayList<>(signal.dimensions());
    dimensions.set(axis, stretch.count());
    TopologicalOrder order =
        picked.moved(source -> rank[source / positions] * positions + source % positions);
    return Optional.of(new Signal(part, dimensions, order, signal.scale(), signal.shift()));
  }

  private static int[] places(List<Integer> dimensions, int axis, Stretch stretch) {
    return AxisMapping.stretched(
        dimensions,
        IntStream.range(0, dimensions.size())
            .mapToObj(i -> i == axis ? stretch : new Stretch(0, 1, dimensions.get(i)))
            .toList());
  }

  private static float[] rows(float[] values, int outputs, int[] rows) {
    int length = values.length / outputs;
    float[] some = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * length, some, i * length, length);
    }
    return some;
  }
}
