package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Constants in other shapes, and shapes as constants. */
final class ShapeFolding {
  private ShapeFolding() {}

  static OnnxConstant shape(FoldedCall call) {
    List<Long> lengths = call.required(0).dimensions().stream().map(Integer::longValue).toList();
    return shape(lengths, call.attributes());
  }

  /** The part of a shape from {@code start} to {@code end}. */
  static OnnxConstant shape(List<Long> lengths, Attributes attributes) {
    int from = place(attributes.whole("start", 0), lengths.size());
    int to = place(attributes.whole("end", lengths.size()), lengths.size());
    return OnnxConstant.shape(lengths.subList(from, Math.max(from, to)));
  }

  private static int place(long place, int size) {
    return (int) Math.max(0, Math.min(size, place < 0 ? place + size : place));
  }

  static OnnxConstant size(FoldedCall call) {
    return OnnxConstant.ofWholes(List.of(), new long[] {call.required(0).size()});
  }

  static OnnxConstant reshaped(FoldedCall call) {
    OnnxConstant value = call.required(0);
    boolean keepsZeros = call.attributes().whole("allowzero", 0) == 0;
    List<Integer> target = new ArrayList<>();
    int free = -1;
    long known = 1;
    long[] wanted = call.required(1).wholes();
    for (int i = 0; i < wanted.length; i++) {
      boolean copies = wanted[i] == 0 && keepsZeros && i < value.dimensions().size();
      long length = copies ? value.dimensions().get(i) : wanted[i];
      if (length == -1) {
        free = i;
        length = 1;
      }
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw new GraphException(
            "a shape must be known: shape=" + LongStream.of(wanted).boxed().toList());
      }
      known = Math.multiplyExact(known, length);
      target.add((int) length);
    }
    if (free >= 0 && known > 0) {
      target.set(free, (int) (value.size() / known));
    }
    return value.reshaped(target);
  }

  static OnnxConstant flattened(FoldedCall call) {
    List<Integer> before = call.required(0).dimensions();
    int axis = AxisMapping.parting(call.attributes(), before.size());
    int rows = OnnxConstant.size(before.subList(0, axis));
    int columns = OnnxConstant.size(before.subList(axis, before.size()));
    return call.required(0).reshaped(List.of(rows, columns));
  }

  static OnnxConstant unsqueezed(FoldedCall call) {
    List<Long> axes =
        call.wholes(1, "axes").orElseThrow(() -> new GraphException("it must have axes"));
    return call.required(0).reshaped(AxisMapping.added(call.required(0).dimensions(), axes));
  }

  static OnnxConstant squeezed(FoldedCall call) {
    OnnxConstant value = call.required(0);
    return value.reshaped(AxisMapping.dropped(value.dimensions(), call.wholes(1, "axes")));
  }

  static OnnxConstant transposed(FoldedCall call) {
    OnnxConstant value = call.required(0);
    return value.transposed(
        AxisMapping.order(call.attributes().wholes("perm"), value.dimensions().size()));
  }

  static OnnxConstant expanded(FoldedCall call) {
    OnnxConstant value = call.required(0);
    List<Integer> lengths = lengths(call.required(1).ofOneExample());
    List<Integer> dimensions = AxisMapping.broadcast(value.dimensions(), lengths);
    call.unfolding().use(4L * OnnxConstant.size(dimensions));
    return value.picked(
        dimensions, IntStream.of(AxisMapping.broadcastSources(value.dimensions(), dimensions)));
  }

  /** A constant as a shape. */
  static List<Integer> lengths(OnnxConstant shape) {
    long[] lengths = shape.knownWholes();
    if (LongStream.of(lengths).anyMatch(each -> each < 0 || each > Integer.MAX_VALUE)) {
      throw new GraphException(
          "a shape must have lengths from 0 to 2147483647: shape="
              + LongStream.of(lengths).boxed().toList());
    }
    return LongStream.of(lengths).mapToObj(each -> (int) each).toList();
  }
}
