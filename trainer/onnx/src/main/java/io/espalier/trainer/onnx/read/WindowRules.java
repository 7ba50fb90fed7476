package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.List;
import java.util.stream.LongStream;

final class WindowRules {
  private static final List<Integer> NO_KERNEL = List.of();

  private WindowRules() {}

  static ConvertedValue maxPool(OperationCall call) {
    if (call.attributes().whole("storage_order", 0) != 0) {
      throw new GraphException("storage_order must be 0");
    }
    Signal images = call.image(0);
    WindowGeometry sliding = WindowGeometry.of(call, kernel(call));
    if (call.draft().shape(images.node()).isVector()) {
      sliding.requireSinglePlace(1);
      return images;
    }
    if (call.attributes().whole("ceil_mode", 0) != 0) {
      sliding =
          sliding.extended(
              missing(images.dimensions().get(1), sliding, 0),
              missing(images.dimensions().get(2), sliding, 1));
    }
    WindowGeometry.Placed placed = sliding.padded(call, images, true);
    Layer pool = new MaxPool(sliding.kernel(), sliding.stride(), placed.padding());
    return call.plain(call.draft().add(call.name(""), pool, placed.node()));
  }

  /** Rows or columns that the last window lacks if sizes are rounded up. */
  private static int missing(int length, WindowGeometry sliding, int side) {
    int before = sliding.pads().get(side);
    int span = length + before + sliding.pads().get(side + 2) - sliding.kernel();
    int rest = span % sliding.stride();
    int start = (span / sliding.stride() + 1) * sliding.stride();
    return rest == 0 || span < 0 || start >= length + before ? 0 : sliding.stride() - rest;
  }

  static ConvertedValue averagePool(OperationCall call) {
    Signal images = call.image(0);
    List<Integer> kernel = kernel(call);
    if (isWhole(call, images, kernel)) {
      return average(call, images, List.of(images.dimensions().get(0), 1, 1));
    }
    WindowGeometry sliding = WindowGeometry.of(call, kernel);
    if (call.attributes().whole("ceil_mode", 0) != 0
        && missing(images.dimensions().get(1), sliding, 0)
                + missing(images.dimensions().get(2), sliding, 1)
            > 0) {
      throw new GraphException("ceil_mode must be 0 where windows do not fill the image");
    }
    boolean counts = call.attributes().whole("count_include_pad", 0) != 0;
    boolean even = sliding.pads().stream().distinct().count() == 1;
    boolean wide = sliding.pads().get(0) > sliding.kernel() / 2;
    if (!counts && (!even || wide)) {
      throw new GraphException(
          "count_include_pad must be 1 where sides are padded differently, or by more than half of"
              + " the kernel: pads="
              + sliding.pads());
    }
    WindowGeometry.Placed placed =
        wide && even
            ? new WindowGeometry.Placed(zeros(call, images, sliding.pads()), 0)
            : sliding.padded(call, images, false);
    Layer pool =
        new AveragePool(
            sliding.kernel(), sliding.stride(), placed.padding(), counts || placed.padding() == 0);
    return call.plain(call.draft().add(call.name(""), pool, placed.node()));
  }

  /** Whether there is one window, over all of the image, and whose padding does not count. */
  private static boolean isWhole(OperationCall call, Signal images, List<Integer> kernel) {
    List<Integer> pads = WindowGeometry.pads(call, kernel);
    List<Integer> strides = WindowGeometry.pair(call.attributes(), "strides", List.of(1, 1));
    boolean counts = call.attributes().whole("count_include_pad", 0) != 0;
    boolean ceils = call.attributes().whole("ceil_mode", 0) != 0;
    boolean whole = !counts || pads.stream().allMatch(pad -> pad == 0);
    for (int i = 0; i < 2; i++) {
      long covered = (long) pads.get(i) + images.dimensions().get(i + 1);
      long rest = covered + pads.get(i + 2) - kernel.get(i);
      whole &= covered <= kernel.get(i) && rest >= 0 && rest < (ceils ? 1 : strides.get(i));
    }
    return whole;
  }

  private static String zeros(OperationCall call, Signal images, List<Integer> pads) {
    Layer pad = new Pad(pads.get(0), pads.get(1), pads.get(2), pads.get(3), false);
    return call.draft().add(call.name("pad"), pad, images.node());
  }

  private static List<Integer> kernel(OperationCall call) {
    return WindowGeometry.pair(call.attributes(), "kernel_shape", NO_KERNEL);
  }

  static ConvertedValue globalAverage(OperationCall call) {
    Signal images = call.image(0);
    return average(call, images, List.of(images.dimensions().get(0), 1, 1));
  }

  static ConvertedValue mean(OperationCall call) {
    Signal images = call.applied(0);
    int rank = images.dimensions().size() + 1;
    List<Integer> places = call.axes(rank);
    TensorShape shape = call.draft().shape(images.node());
    boolean single = shape.isVector() && images.order().isPlain();
    boolean first =
        places.equals(List.of(2, 3))
            && (isChannelsFirst(images, shape)
                || (single && images.dimensions().equals(List.of(shape.size(), 1, 1))));
    boolean last =
        places.equals(List.of(1, 2))
            && (isChannelsLast(images, shape)
                || (single && images.dimensions().equals(List.of(1, 1, shape.size()))));
    if (rank != 4 || !(first || last)) {
      throw new GraphException(
          "it must be over height and width: axes=%s, input=%s"
              .formatted(places, images.dimensions()));
    }
    int channels = images.dimensions().get(first ? 0 : 2);
    boolean keeps = call.attributes().whole("keepdims", 1) != 0;
    List<Integer> kept = first ? List.of(channels, 1, 1) : List.of(1, 1, channels);
    return average(call, images, keeps ? kept : List.of(channels));
  }

  private static Signal average(OperationCall call, Signal images, List<Integer> dimensions) {
    TensorShape shape = call.draft().shape(images.node());
    if (shape.isVector()) {
      return images.seenAs(dimensions);
    }
    String node = call.draft().add(call.name(""), new GlobalAveragePool(), images.node());
    return new Signal(node, dimensions, TopologicalOrder.plain(shape.channels()));
  }

  static boolean isChannelsFirst(Signal images, TensorShape shape) {
    return !shape.isVector()
        && images.dimensions().equals(shape.dimensions())
        && images.order().isPlain();
  }

  static boolean isChannelsLast(Signal images, TensorShape shape) {
    return !shape.isVector()
        && images.dimensions().equals(TopologicalOrder.channelsLast(shape.dimensions()))
        && images.order().equals(TopologicalOrder.channelsLast(shape));
  }

  static ConvertedValue pad(OperationCall call) {
    if (!call.attributes().text("mode", "constant").equals("constant")
        || call.value(3).isPresent()) {
      throw new GraphException("its mode must be constant, and all axes be given");
    }
    Signal images = call.applied(0);
    TensorShape shape = call.draft().shape(images.node());
    boolean last = !isChannelsFirst(images, shape) && isChannelsLast(images, shape);
    List<Integer> pads = pads(call, last ? 1 : 2);
    float value =
        call.constant(2).map(OnnxConstant::scalar).orElse(call.attributes().number("value", 0));
    boolean lowest = value == Float.NEGATIVE_INFINITY || value == -Float.MAX_VALUE;
    if (value != 0 && !lowest) {
      throw new GraphException("its value must be 0 or the lowest float: value=" + value);
    }
    if (!last) {
      images = call.image(0);
    }
    Layer pad = new Pad(pads.get(0), pads.get(1), pads.get(2), pads.get(3), lowest);
    Signal padded = call.plain(call.draft().add(call.name(""), pad, images.node()));
    return last ? channelsLast(call, padded) : padded;
  }

  static Signal channelsLast(OperationCall call, Signal images) {
    TensorShape shape = call.draft().shape(images.node());
    return new Signal(
        images.node(),
        TopologicalOrder.channelsLast(shape.dimensions()),
        TopologicalOrder.channelsLast(shape));
  }

  /** Top, left, bottom and right; other axes must have no padding. */
  private static List<Integer> pads(OperationCall call, int height) {
    List<Long> all =
        call.constant(1)
            .map(given -> LongStream.of(given.wholes()).boxed().toList())
            .or(() -> call.attributes().wholes("pads"))
            .orElse(List.of());
    List<Integer> pads =
        all.size() == 8
            ? List.of(height, height + 1, height + 4, height + 5).stream()
                .map(i -> Math.toIntExact(all.get(i)))
                .toList()
            : List.of();
    long sum = pads.stream().mapToLong(Integer::longValue).sum();
    if (pads.isEmpty()
        || all.stream().anyMatch(pad -> pad < 0)
        || all.stream().mapToLong(Long::longValue).sum() != sum) {
      throw new GraphException("it must pad height and width only: pads=" + all);
    }
    return pads;
  }
}
