package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.onnx.read.ConvertedValue.OfPadding;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import io.espalier.trainer.onnx.read.ConvertedValue.TokenSum;
import io.espalier.trainer.onnx.read.ConvertedValue.Unpadded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Means of a sequence over positions: over all, or over those that are not padding. */
final class PoolingPattern {
  private static final double TOLERANCE = 1e-6;

  private PoolingPattern() {}

  static Optional<ConvertedValue> unpadded(OperationCall call) {
    return unpadded(call, call.required(0), call.required(1))
        .or(() -> unpadded(call, call.required(1), call.required(0)));
  }

  private static Optional<ConvertedValue> unpadded(
      OperationCall call, ConvertedValue value, ConvertedValue mask) {
    if (!(value instanceof Signal signal && mask instanceof OfPadding ofPadding)) {
      return Optional.empty();
    }
    List<Integer> whole = OperationCall.batched(signal.dimensions());
    int positionAxis = positionAxis(call, signal);
    int inner = OnnxConstant.size(whole.subList(positionAxis + 1, whole.size()));
    for (int text = 0; text < PaddingCases.COUNT; text++) {
      OnnxConstant given = ofPadding.cases().get(text);
      int[] sources = AxisMapping.broadcastSources(given.dimensions(), whole);
      for (int i = 0; i < sources.length; i++) {
        int position = i / inner % whole.get(positionAxis);
        if (given.number(sources[i]) != (PaddingCases.isPadding(text, position) ? 0 : 1)) {
          throw new GraphException(
              "a sequence must be multiplied by 0 at padding and by 1 elsewhere");
        }
      }
    }
    return Optional.of(new Unpadded(call.applied(signal), ofPadding.padding()));
  }

  /** The axis of positions, with the batch as axis 0. */
  private static int positionAxis(OperationCall call, Signal signal) {
    return SequenceView.positionAxis(call.draft(), signal)
        .orElseThrow(
            () ->
                new GraphException(
                    "what is computed from padding must go with a sequence: other="
                        + signal.dimensions()));
  }

  static Optional<ConvertedValue> sum(OperationCall call) {
    if (!(call.required(0) instanceof Unpadded unpadded)) {
      return Optional.empty();
    }
    Signal signal = unpadded.of();
    int axis = positionAxis(call, signal);
    if (!call.axes(3).equals(List.of(axis))) {
      throw new GraphException(
          "a sum without padding must be over the positions: axes=" + call.axes(3));
    }
    return Optional.of(new TokenSum(unpadded, reduced(call, signal, axis)));
  }

  private static List<Integer> reduced(OperationCall call, Signal signal, int axis) {
    List<Integer> dimensions = new ArrayList<>(signal.dimensions());
    if (call.attributes().whole("keepdims", 1) != 0) {
      dimensions.set(axis - 1, 1);
    } else {
      dimensions.remove(axis - 1);
    }
    return dimensions;
  }

  /**
   * A sum over the number of tokens, which may have a lower bound, so that no text divides by 0.
   */
  static Optional<ConvertedValue> mean(OperationCall call) {
    if (!(call.required(0) instanceof TokenSum sum)) {
      return Optional.empty();
    }
    Signal signal = sum.of().of();
    int positions = call.draft().shape(signal.node()).positions();
    boolean counts =
        call.required(1) instanceof OfPadding count
            && IntStream.range(0, PaddingCases.COUNT)
                .allMatch(text -> isCount(count.cases().get(text), text, positions));
    if (!counts) {
      throw new GraphException("a sum without padding must be divided by the number of tokens");
    }
    List<String> read = new ArrayList<>(List.of(signal.node()));
    call.translation().paddingMask(sum.of().padding()).ifPresent(read::add);
    return Optional.of(pooled(call, read, sum.dimensions()));
  }

  private static boolean isCount(OnnxConstant given, int text, int positions) {
    long tokens =
        IntStream.range(0, positions).filter(place -> !PaddingCases.isPadding(text, place)).count();
    return IntStream.range(0, given.size())
        .allMatch(i -> tokens == 0 || Math.abs(given.number(i) - tokens) <= TOLERANCE);
  }

  private static Signal pooled(OperationCall call, List<String> read, List<Integer> dimensions) {
    String node = call.draft().add(call.name(""), new MeanPool(), read, List.of());
    int features = call.draft().shape(node).size();
    return new Signal(node, dimensions, TopologicalOrder.plain(features));
  }

  /** The mean over all positions of a sequence. */
  static Optional<ConvertedValue> ofAll(OperationCall call) {
    if (!(call.required(0) instanceof Signal given)
        || !call.draft().shape(given.node()).isSequence()
        || given.dimensions().size() != 2) {
      return Optional.empty();
    }
    Signal signal = call.applied(given);
    int axis = positionAxis(call, signal);
    return call.axes(3).equals(List.of(axis))
        ? Optional.of(pooled(call, List.of(signal.node()), reduced(call, signal, axis)))
        : Optional.empty();
  }
}
