package io.espalier.trainer.onnx.read;

import java.util.List;

sealed interface ConvertedValue {
  record Fixed(OnnxConstant constant) implements ConvertedValue {}

  /**
   * {@code scale · output + shift} of a node. The two numbers are pending until an operation needs
   * them: many forms of an activation are written with such numbers.
   *
   * @param dimensions in the graph, without the batch
   * @param order of the graph's values in the node's output
   */
  record Signal(
      String node, List<Integer> dimensions, TopologicalOrder order, double scale, double shift)
      implements ConvertedValue {
    public Signal {
      OnnxConstant.requireRank(dimensions);
      dimensions = List.copyOf(dimensions);
    }

    Signal(String node, List<Integer> dimensions, TopologicalOrder order) {
      this(node, dimensions, order, 1, 0);
    }

    boolean isPlain() {
      return scale == 1 && shift == 0;
    }

    Signal times(double factor) {
      return new Signal(node, dimensions, order, scale * factor, shift * factor);
    }

    Signal plus(double number) {
      return new Signal(node, dimensions, order, scale, shift + number);
    }

    Signal seenAs(List<Integer> others) {
      return new Signal(node, others, order, scale, shift);
    }
  }

  /** {@code factor · erf(input / √2) + offset}: part of a Gelu. */
  record ErrorFunction(Signal input, double factor, double offset) implements ConvertedValue {}

  record Probabilities(Signal logits) implements ConvertedValue {}

  record Unknown() implements ConvertedValue {}
}
