package io.espalier.trainer.onnx.read;

import io.espalier.trainer.onnx.read.AxisMapping.Stretch;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The places that a slice takes of each axis of its input. */
final class SliceBounds {
  private SliceBounds() {}

  /** Starts, ends and axes are attributes in old opsets. */
  static List<Stretch> of(FoldedCall call, List<Integer> lengths) {
    List<Long> starts = call.wholes(1, "starts").orElseThrow(SliceBounds::missing);
    List<Long> ends = call.wholes(2, "ends").orElseThrow(SliceBounds::missing);
    List<Long> axes =
        call.wholes(3, "axes").orElseGet(() -> LongStream.range(0, starts.size()).boxed().toList());
    List<Long> steps =
        call.wholes(4, "steps").orElseGet(() -> Collections.nCopies(starts.size(), 1L));
    if (List.of(ends, axes, steps).stream().anyMatch(each -> each.size() != starts.size())) {
      throw new GraphException(
          "a slice must have an end, an axis and a step for each start: starts=%s, ends=%s, axes=%s, steps=%s"
              .formatted(starts, ends, axes, steps));
    }
    List<Stretch> stretches = new ArrayList<>();
    lengths.forEach(length -> stretches.add(new Stretch(0, 1, length)));
    for (int i = 0; i < starts.size(); i++) {
      int axis = AxisMapping.of(axes.get(i), lengths.size());
      stretches.set(axis, Stretch.of(starts.get(i), ends.get(i), steps.get(i), lengths.get(axis)));
    }
    return stretches;
  }

  /** The places that a slice takes of axes of these lengths. */
  static List<Stretch> of(OperationCall call, List<Integer> lengths) {
    List<Optional<OnnxConstant>> bounds = new ArrayList<>(List.of(Optional.empty()));
    IntStream.range(1, call.inputs().size()).forEach(i -> bounds.add(call.constant(i)));
    return of(new FoldedCall(call.operation(), bounds, call.draft().unfolding()), lengths);
  }

  /** The places that a slice takes of an example, without the batch, which must stay whole. */
  static List<Stretch> ofExample(OperationCall call, Signal signal) {
    List<Integer> lengths = new ArrayList<>(signal.dimensions());
    lengths.add(0, Integer.MAX_VALUE);
    List<Stretch> stretches = of(call, lengths);
    Stretch examples = stretches.get(0);
    if (!examples.equals(new Stretch(0, 1, Integer.MAX_VALUE))) {
      throw new GraphException(
          "it must leave the batch as it is: examples from %d, number=%d"
              .formatted(examples.first(), examples.count()));
    }
    return stretches.subList(1, stretches.size());
  }

  private static GraphException missing() {
    return new GraphException("a slice must have starts and ends");
  }
}
