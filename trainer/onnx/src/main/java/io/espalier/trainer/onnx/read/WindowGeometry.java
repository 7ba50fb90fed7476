package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.ArrayList;
import java.util.List;

/** The window of a convolution or a pooling; pads are top, left, bottom, right. */
record WindowGeometry(int kernel, int stride, List<Integer> pads) {
  WindowGeometry {
    pads = List.copyOf(pads);
  }

  record Placed(String node, int padding) {}

  static WindowGeometry ofConvolution(OperationCall call, List<Integer> weight) {
    if (weight.size() != 4) {
      throw new GraphException("its weight must have 4 axes: weight=" + weight);
    }
    List<Integer> kernel = weight.subList(2, 4);
    List<Integer> given = pair(call.attributes(), "kernel_shape", kernel);
    if (!given.equals(kernel)) {
      throw new GraphException(
          "kernel_shape must be that of the weight: kernel_shape=%s, weight=%s"
              .formatted(given, weight));
    }
    return of(call, kernel);
  }

  static WindowGeometry of(OperationCall call, List<Integer> kernel) {
    Attributes attributes = call.attributes();
    List<Integer> strides = pair(attributes, "strides", List.of(1, 1));
    requireSquare("kernel_shape", kernel);
    requireSquare("strides", strides);
    List<Integer> dilations = pair(attributes, "dilations", List.of(1, 1));
    if (!dilations.equals(List.of(1, 1))) {
      throw new GraphException("dilations must be 1: dilations=" + dilations);
    }
    return new WindowGeometry(kernel.get(0), strides.get(0), pads(call, kernel));
  }

  static List<Integer> pads(OperationCall call, List<Integer> kernel) {
    Attributes attributes = call.attributes();
    List<Integer> strides = pair(attributes, "strides", List.of(1, 1));
    List<Integer> dimensions = call.signal(0).dimensions();
    List<Integer> sides = dimensions.subList(dimensions.size() - 2, dimensions.size());
    String automatic = attributes.text("auto_pad", "NOTSET");
    return switch (automatic) {
      case "NOTSET" -> explicit(attributes);
      case "VALID" -> List.of(0, 0, 0, 0);
      case "SAME_UPPER", "SAME_LOWER" -> {
        List<Integer> small = new ArrayList<>();
        List<Integer> large = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
          int last = (sides.get(i) - 1) / strides.get(i) * strides.get(i);
          int total = Math.max(0, last + kernel.get(i) - sides.get(i));
          small.add(total / 2);
          large.add(total - total / 2);
        }
        boolean upper = automatic.equals("SAME_UPPER");
        List<Integer> all = new ArrayList<>(upper ? small : large);
        all.addAll(upper ? large : small);
        yield all;
      }
      default -> throw new GraphException("auto_pad must be known: auto_pad=" + automatic);
    };
  }

  private static List<Integer> explicit(Attributes attributes) {
    List<Integer> pads = lengths("pads", attributes.wholes("pads").orElse(List.of(0L, 0L, 0L, 0L)));
    if (pads.size() != 4 || pads.stream().anyMatch(pad -> pad < 0)) {
      throw new GraphException("pads must be four lengths of 0 or more: pads=" + pads);
    }
    return pads;
  }

  static List<Integer> pair(Attributes attributes, String name, List<Integer> otherwise) {
    List<Integer> pair =
        attributes.wholes(name).map(given -> lengths(name, given)).orElse(otherwise);
    if (pair.size() != 2 || pair.stream().anyMatch(each -> each < 1)) {
      throw new GraphException(
          "%s must be two lengths of 1 or more: %s=%s".formatted(name, name, pair));
    }
    return pair;
  }

  static List<Integer> lengths(String name, List<Long> given) {
    if (given.stream().anyMatch(each -> each != each.intValue())) {
      throw new GraphException("%s must fit 32 bits: %s=%s".formatted(name, name, given));
    }
    return given.stream().map(Long::intValue).toList();
  }

  private static void requireSquare(String name, List<Integer> sides) {
    if (!sides.get(0).equals(sides.get(1))) {
      throw new GraphException("%s must be square: %s=%s".formatted(name, name, sides));
    }
  }

  boolean isPadded() {
    return pads.stream().anyMatch(pad -> pad > 0);
  }

  /** A single pixel requires a window of one pixel. */
  void requireSinglePlace(int groups) {
    if (kernel != 1 || isPadded() || groups != 1) {
      throw new GraphException(
          "over one pixel its window must be one pixel, without padding or groups: kernel=%d, pads=%s, groups=%d"
              .formatted(kernel, pads, groups));
    }
  }

  /** Pads unequal sides by a layer of its own, with −∞ if {@code lowest}, else 0. */
  Placed padded(OperationCall call, Signal images, boolean lowest) {
    boolean even = pads.stream().distinct().count() == 1;
    boolean ofPool = lowest && pads.get(0) > kernel / 2;
    if (even && !ofPool) {
      return new Placed(images.node(), pads.get(0));
    }
    Layer pad = new Pad(pads.get(0), pads.get(1), pads.get(2), pads.get(3), lowest);
    return new Placed(call.draft().add(call.name("pad"), pad, images.node()), 0);
  }

  WindowGeometry extended(int rows, int columns) {
    return new WindowGeometry(
        kernel,
        stride,
        List.of(pads.get(0), pads.get(1), pads.get(2) + rows, pads.get(3) + columns));
  }
}
