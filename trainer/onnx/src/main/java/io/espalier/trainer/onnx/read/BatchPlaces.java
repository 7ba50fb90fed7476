package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.AxisMapping.Stretch;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.Products;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import io.espalier.trainer.onnx.read.ConvertedValue.Unknown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Where the batch is in values in which it is not the first axis, as PyTorch's attention has them.
 * Rules of operators see such values without the batch, as they see all others; what changes their
 * axes is translated here.
 */
final class BatchPlaces {
  /** An operator that no rule has, as it has several outputs. */
  static final String SPLIT = "Split";

  private final Map<String, BatchPlace> places = new HashMap<>();
  private final long batch;

  /** A value and where its batch is. */
  private record Placed(Signal signal, BatchPlace place) {}

  /**
   * @param batch its length where the file fixes it, or 0
   */
  BatchPlaces(long batch) {
    this.batch = batch;
  }

  /** The outputs of what changes axes, if the batch is or becomes another than the first one. */
  Optional<List<ConvertedValue>> rearranged(OperationCall call) {
    boolean splits = call.operation().operator().equals(SPLIT);
    if (splits && call.inputs().stream().anyMatch(BatchPlaces::isUnknown)) {
      return Optional.of(List.of());
    }
    if (!(call.value(0).orElse(null) instanceof Signal signal)) {
      return Optional.empty();
    }
    Optional<BatchPlace> given = call.operation().input(0).map(places::get);
    Placed input = new Placed(signal, given.orElseGet(() -> BatchPlace.first(signal.dimensions())));
    boolean moved = given.isPresent();
    return switch (call.operation().operator()) {
      case "Shape" -> moved ? Optional.of(List.of(shape(call, input))) : Optional.empty();
      case "Transpose" ->
          moved || movesBatch(call, input)
              ? taken(call, transposed(call, input))
              : Optional.empty();
      case "Reshape" ->
          moved || leavesBatch(call, input) ? taken(call, reshaped(call, input)) : Optional.empty();
      case "Unsqueeze" ->
          moved || axes(call).contains(0L)
              ? taken(call, unsqueezed(call, input))
              : Optional.empty();
      case "Squeeze" -> moved ? taken(call, squeezed(call, input)) : Optional.empty();
      case "Gather" -> moved ? taken(call, gathered(call, input)) : Optional.empty();
      case "Slice" -> moved ? taken(call, sliced(call, input)) : Optional.empty();
      case SPLIT -> Optional.of(parts(call, input));
      default -> Optional.empty();
    };
  }

  private Optional<List<ConvertedValue>> taken(OperationCall call, Placed placed) {
    put(call.operation().output(), placed.place());
    return Optional.of(List.of(placed.signal()));
  }

  private void put(String name, BatchPlace place) {
    if (!place.isFirst()) {
      places.put(name, place);
    }
  }

  private static ConvertedValue shape(OperationCall call, Placed input) {
    return new Fixed(ShapeFolding.shape(input.place().lengths(), call.attributes()));
  }

  private static boolean movesBatch(OperationCall call, Placed input) {
    return AxisMapping.order(call.attributes().wholes("perm"), input.place().axes().size()).get(0)
        != 0;
  }

  private static Placed transposed(OperationCall call, Placed input) {
    int rank = input.place().axes().size();
    List<Integer> order = AxisMapping.order(call.attributes().wholes("perm"), rank);
    List<Integer> inner = input.place().permutedDimensions(order);
    Signal signal = input.signal();
    return new Placed(
        new Signal(
            signal.node(),
            inner.stream().map(signal.dimensions()::get).toList(),
            signal.order().transposed(signal.dimensions(), inner),
            signal.scale(),
            signal.shift()),
        input.place().permuted(order));
  }

  /** Whether a shape has the batch elsewhere than first. */
  private boolean leavesBatch(OperationCall call, Placed input) {
    if (!(call.value(1).orElse(null) instanceof Fixed fixed && fixed.constant().isWhole())) {
      return false;
    }
    try {
      return !input.place().reshaped(fixed.constant().wholes(), batch).isFirst();
    } catch (GraphException | ArithmeticException e) {
      return false;
    }
  }

  private Placed reshaped(OperationCall call, Placed input) {
    BatchPlace place = input.place().reshaped(call.requiredConstant(1).wholes(), batch);
    return new Placed(input.signal().seenAs(place.dimensions()), place);
  }

  private static Placed unsqueezed(OperationCall call, Placed input) {
    List<Long> axes = axes(call);
    int rank = input.place().axes().size() + axes.size();
    OnnxConstant.requireRank(Collections.nCopies(rank, 1));
    BatchPlace place = input.place();
    for (int axis : axes.stream().map(each -> AxisMapping.of(each, rank)).sorted().toList()) {
      place = place.withAxis(axis);
    }
    return new Placed(input.signal().seenAs(place.dimensions()), place);
  }

  private static Placed squeezed(OperationCall call, Placed input) {
    int rank = input.place().axes().size();
    BatchPlace place = input.place();
    List<Integer> axes =
        axes(call).stream()
            .map(each -> AxisMapping.of(each, rank))
            .sorted(Collections.reverseOrder())
            .toList();
    for (int axis : axes) {
      if (!place.axes().get(axis).equals(List.of(1))) {
        throw new GraphException(
            "an axis must have length 1 to be dropped: axis=%d, shape=%s"
                .formatted(axis, BatchPlace.shown(input.place())));
      }
      place = place.withoutAxis(axis);
    }
    return new Placed(input.signal().seenAs(place.dimensions()), place);
  }

  private static List<Long> axes(OperationCall call) {
    return call.constant(1)
        .map(given -> LongStream.of(given.wholes()).boxed().toList())
        .or(() -> call.attributes().wholes("axes"))
        .orElseThrow(() -> new GraphException("it must have axes"));
  }

  private static Placed gathered(OperationCall call, Placed input) {
    OnnxConstant index = call.requiredConstant(1);
    int axis = AxisMapping.of(call.attributes().whole("axis", 0), input.place().axes().size());
    int dimension = input.place().dimension(axis);
    int length = input.signal().dimensions().get(dimension);
    if (index.size() != 1) {
      throw new GraphException("it must take one place of an axis: places=" + index.size());
    }
    long place = (long) index.single();
    Placed part = part(call, input, axis, new Stretch(AxisMapping.of(place, length), 1, 1));
    return index.dimensions().isEmpty()
        ? new Placed(
            part.signal().seenAs(part.place().withoutAxis(axis).dimensions()),
            part.place().withoutAxis(axis))
        : part;
  }

  private static Placed sliced(OperationCall call, Placed input) {
    List<Integer> lengths =
        input.place().axes().stream()
            .map(axis -> axis.contains(BatchPlace.BATCH) ? Integer.MAX_VALUE : axis.get(0))
            .toList();
    List<Stretch> stretches = SliceBounds.of(call, lengths);
    Placed result = input;
    for (int axis = 0; axis < stretches.size(); axis++) {
      if (!stretches.get(axis).equals(new Stretch(0, 1, lengths.get(axis)))) {
        result = part(call, result, axis, stretches.get(axis));
      }
    }
    return result;
  }

  private List<ConvertedValue> parts(OperationCall call, Placed input) {
    int axis = AxisMapping.of(call.attributes().whole("axis", 0), input.place().axes().size());
    int length = input.signal().dimensions().get(input.place().dimension(axis));
    List<ConvertedValue> parts = new ArrayList<>();
    int first = 0;
    for (long each : sizes(call, length)) {
      int size = Math.toIntExact(each);
      Placed part = part(call, input, axis, new Stretch(first, 1, size));
      put(call.operation().outputs().get(parts.size()), part.place());
      parts.add(part.signal());
      first += size;
    }
    return parts;
  }

  private static List<Long> sizes(OperationCall call, int length) {
    int outputs = call.operation().outputs().size();
    List<Long> sizes =
        call.constant(1)
            .map(given -> LongStream.of(given.knownWholes()).boxed().toList())
            .or(() -> call.attributes().wholes("split"))
            .orElseGet(() -> alike(length, outputs));
    if (sizes.size() != outputs
        || sizes.stream().anyMatch(size -> size < 1)
        || sizes.stream().mapToLong(size -> size).sum() != length) {
      throw new GraphException(
          "its parts must make up the axis: parts=%s, outputs=%d, length=%d"
              .formatted(sizes, outputs, length));
    }
    return sizes;
  }

  /** The last part may be shorter. */
  private static List<Long> alike(int length, int outputs) {
    long size = (length + outputs - 1L) / outputs;
    List<Long> sizes = new ArrayList<>(Collections.nCopies(outputs, size));
    sizes.set(outputs - 1, length - size * (outputs - 1));
    return sizes;
  }

  private static Placed part(OperationCall call, Placed input, int axis, Stretch stretch) {
    int dimension = input.place().dimension(axis);
    Signal part =
        LinearParts.of(call, input.signal(), dimension, stretch)
            .orElseThrow(
                () ->
                    new GraphException(
                        "a part of a value must be features of a linear layer, at all positions: axis=%d, first=%d, number=%d"
                            .formatted(axis, stretch.first(), stretch.count())));
    return new Placed(part, input.place().withLength(axis, stretch.count()));
  }

  /** Where the batch is in the inputs of another operation; empty if it is first. */
  Optional<BatchPlace> shared(OperationCall call) {
    List<String> names = call.operation().inputs();
    Optional<BatchPlace> place =
        names.stream()
            .filter(places::containsKey)
            .filter(name -> call.inputs().stream().noneMatch(BatchPlaces::isUnknown))
            .findFirst()
            .map(places::get);
    place.ifPresent(
        shared -> {
          int compared = shared.axes().size() - (isProduct(call) ? 2 : 1);
          for (int i = 0; i < names.size(); i++) {
            BatchPlace other = places.get(names.get(i));
            boolean fixed = call.value(i).filter(each -> !(each instanceof Fixed)).isEmpty();
            if (!fixed && (other == null || !other.startsAs(shared, compared))) {
              throw new GraphException("its inputs must have the batch at the same place");
            }
          }
          long axis = call.attributes().whole("axis", -1);
          if (axis >= 0 && axis != shared.axes().size() - 1) {
            throw new GraphException(
                "an operation on values whose batch is not first must be over the last axis: axis="
                    + axis);
          }
        });
    return place;
  }

  private static boolean isUnknown(Optional<ConvertedValue> value) {
    return value.filter(each -> each instanceof Unknown).isPresent();
  }

  private static boolean isProduct(OperationCall call) {
    return call.operation().operator().equals("MatMul");
  }

  /** The call as it is with the batch first. */
  static OperationCall withBatchFirst(OperationCall call, BatchPlace place) {
    boolean weighs = isProduct(call) || call.operation().operator().equals("Gemm");
    UnaryOperator<ConvertedValue> turned =
        value ->
            value instanceof Fixed fixed && !weighs
                ? new Fixed(place.withBatchFirst(fixed.constant()))
                : value;
    return call.with(call.inputs().stream().map(each -> each.map(turned)).toList());
  }

  /** Notes that a result's batch is where that of the inputs is. */
  void keep(OperationCall call, BatchPlace place, ConvertedValue result) {
    int last = place.axes().size() - 1;
    String name = call.operation().output();
    if (result instanceof Signal signal) {
      List<Integer> dimensions = signal.dimensions();
      BatchPlace kept = place.withLength(last, dimensions.get(dimensions.size() - 1));
      if (!kept.dimensions().equals(dimensions)) {
        throw new GraphException("an operation on values whose batch is not first must keep axes");
      }
      put(name, kept);
    } else if (result instanceof Products products) {
      put(name, place.withLength(last, products.positions()));
    } else if (!(result instanceof Fixed)) {
      put(name, place);
    }
  }
}
