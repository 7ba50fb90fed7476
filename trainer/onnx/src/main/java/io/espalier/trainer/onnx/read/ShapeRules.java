package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Probabilities;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

final class ShapeRules {
  private ShapeRules() {}

  /** Gives the same values in another shape. */
  @FunctionalInterface
  interface View {
    Signal of(OperationCall call, Signal signal);
  }

  /** A rule that also holds behind a softmax at the end. */
  static ConversionRules.Rule view(View view) {
    return call ->
        call.required(0) instanceof Probabilities probabilities
            ? new Probabilities(view.of(call, probabilities.logits()))
            : view.of(call, call.signal(0));
  }

  static Signal flatten(OperationCall call, Signal signal) {
    int axis = AxisMapping.parting(call.attributes(), signal.dimensions().size() + 1);
    if (axis != 1) {
      throw new GraphException("it must leave the batch as it is: axis=" + axis);
    }
    return signal.seenAs(List.of(size(signal)));
  }

  static Signal reshape(OperationCall call, Signal signal) {
    long[] target = call.requiredConstant(1).wholes();
    boolean keepsZeros = call.attributes().whole("allowzero", 0) == 0;
    if (target.length == 0 || !keepsZeros) {
      throw new GraphException("its shape must begin with the batch");
    }
    List<Integer> dimensions = new ArrayList<>();
    int free = -1;
    long known = 1;
    for (int i = 1; i < target.length; i++) {
      boolean copies = target[i] == 0 && i <= signal.dimensions().size();
      long length = copies ? signal.dimensions().get(i - 1) : target[i];
      if (length == -1 && free < 0) {
        free = i - 1;
        length = 1;
      } else if (length < 1) {
        throw unresolved(target, signal);
      }
      known = Math.multiplyExact(known, length);
      dimensions.add(Math.toIntExact(length));
    }
    int size = size(signal);
    boolean batch =
        target[0] == 0 || (target[0] == -1 && free < 0) || call.translation().isBatch(target[0]);
    if (!batch || size % known != 0 || (free < 0 && known != size)) {
      throw unresolved(target, signal);
    }
    if (free >= 0) {
      dimensions.set(free, (int) (size / known));
    }
    call.onlyMaker(0, signal)
        .ifPresent(node -> call.translation().made(call.operation().output(), node));
    return shuffled(call, signal.seenAs(dimensions));
  }

  /** An image whose channels a transpose has dealt out, as the layer that does so. */
  private static Signal shuffled(OperationCall call, Signal signal) {
    TensorShape shape = call.draft().shape(signal.node());
    if (shape.isVector() || !signal.dimensions().equals(shape.dimensions())) {
      return signal;
    }
    OptionalInt groups = signal.order().shuffledGroups(shape.channels());
    if (groups.isEmpty()) {
      return signal;
    }
    Layer layer = new ChannelShuffle(groups.getAsInt());
    Signal dealt = call.plain(call.draft().add(call.name(""), layer, signal.node()));
    return dealt.times(signal.scale()).plus(signal.shift());
  }

  private static GraphException unresolved(long[] target, Signal signal) {
    return new GraphException(
        "its shape must be that of the batch and the same values: shape=%s, input=%s"
            .formatted(
                LongStream.of(target)
                    .mapToObj(each -> each == OnnxConstant.BATCH ? "batch" : "" + each)
                    .toList(),
                signal.dimensions()));
  }

  static Signal squeeze(OperationCall call, Signal signal) {
    Optional<List<Long>> axes = axes(call);
    List<Long> inner = new ArrayList<>();
    for (long axis : axes.orElse(List.of())) {
      inner.add(behindBatch(AxisMapping.of(axis, signal.dimensions().size() + 1)));
    }
    return signal.seenAs(AxisMapping.dropped(signal.dimensions(), axes.map(given -> inner)));
  }

  static Signal unsqueeze(OperationCall call, Signal signal) {
    List<Long> axes = axes(call).orElseThrow(() -> new GraphException("it must have axes"));
    int rank = signal.dimensions().size() + 1 + axes.size();
    List<Long> inner = axes.stream().map(axis -> behindBatch(AxisMapping.of(axis, rank))).toList();
    return signal.seenAs(AxisMapping.added(signal.dimensions(), inner));
  }

  private static long behindBatch(int axis) {
    if (axis == 0) {
      throw new GraphException("it must leave the batch as it is: axis=0");
    }
    return axis - 1L;
  }

  private static Optional<List<Long>> axes(OperationCall call) {
    return call.constant(1)
        .map(given -> LongStream.of(given.wholes()).boxed().toList())
        .or(() -> call.attributes().wholes("axes"));
  }

  static ConvertedValue transpose(OperationCall call) {
    Signal signal = call.signal(0);
    int rank = signal.dimensions().size() + 1;
    List<Integer> order = AxisMapping.order(call.attributes().wholes("perm"), rank);
    if (order.get(0) != 0) {
      throw new GraphException("it must leave the batch as it is: perm=" + order);
    }
    List<Integer> inner = order.stream().skip(1).map(axis -> axis - 1).toList();
    return shuffled(
        call,
        new Signal(
            signal.node(),
            inner.stream().map(signal.dimensions()::get).toList(),
            signal.order().transposed(signal.dimensions(), inner),
            signal.scale(),
            signal.shift()));
  }

  static ConvertedValue shape(OperationCall call) {
    List<Long> lengths = new ArrayList<>(List.of(OnnxConstant.BATCH));
    call.signal(0).dimensions().forEach(length -> lengths.add((long) length));
    return new Fixed(ShapeFolding.shape(lengths, call.attributes()));
  }

  static ConvertedValue cast(OperationCall call) {
    long to = call.attributes().whole("to", 1);
    if (call.required(0) instanceof Signal signal && signal.node().equals(Network.INPUT)) {
      call.translation().readAs(to);
    } else if (to != 1) {
      throw new GraphException("values must stay 32-bit floats: to=" + to);
    }
    return call.required(0);
  }

  static ConvertedValue concat(OperationCall call) {
    List<Signal> parts = IntStream.range(0, call.inputs().size()).mapToObj(call::applied).toList();
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int rank = parts.get(0).dimensions().size() + 1;
    if (parts.stream().anyMatch(each -> each.dimensions().size() + 1 != rank)) {
      throw new GraphException("its inputs must have as many axes as one another");
    }
    int axis = AxisMapping.of(call.attributes().whole("axis", 1), rank);
    boolean single = rank == 4 && parts.stream().allMatch(each -> isSingle(each.dimensions()));
    if (axis == 1 && (rank == 2 || single)) {
      return vectors(call, parts, single);
    }
    boolean first =
        axis == 1 && parts.stream().allMatch(each -> each.order().isPlain() && isImage(call, each));
    boolean last =
        axis == 3
            && parts.stream()
                .allMatch(
                    each -> WindowRules.isChannelsLast(each, call.draft().shape(each.node())));
    if (rank != 4 || !(first || last)) {
      throw new GraphException("it must join channels: axis=" + axis);
    }
    Signal joined = call.plain(join(call, parts));
    return last ? WindowRules.channelsLast(call, joined) : joined;
  }

  private static boolean isSingle(List<Integer> dimensions) {
    return dimensions.get(1) == 1 && dimensions.get(2) == 1;
  }

  private static boolean isImage(OperationCall call, Signal signal) {
    return call.draft().shape(signal.node()).dimensions().equals(signal.dimensions());
  }

  private static Signal vectors(OperationCall call, List<Signal> parts, boolean single) {
    List<Signal> flat = parts.stream().map(call::flat).toList();
    TopologicalOrder order = TopologicalOrder.joined(flat.stream().map(Signal::order).toList());
    int features = flat.stream().mapToInt(ShapeRules::size).sum();
    List<Integer> dimensions = single ? List.of(features, 1, 1) : List.of(features);
    return new Signal(join(call, flat), dimensions, order);
  }

  private static String join(OperationCall call, List<Signal> parts) {
    List<String> nodes = parts.stream().map(Signal::node).toList();
    return call.draft().add(call.name(""), new Concat(), nodes, List.of());
  }

  private static int size(Signal signal) {
    return signal.dimensions().stream().reduce(1, Math::multiplyExact);
  }
}
