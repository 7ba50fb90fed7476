package io.espalier.trainer.onnx.read;

import java.util.List;

/** What a name of a graph stands for. */
sealed interface ConvertedValue {
  /** The same whatever the example. */
  record Fixed(OnnxConstant constant) implements ConvertedValue {}

  /**
   * {@code scale · output + shift} of a node. The two numbers wait for an operation that needs
   * them, since many forms of an activation are written with such numbers around it.
   *
   * @param dimensions as the graph sees it, without the batch
   * @param order of the graph's values in the node's output
   */
  record Signal(
      String node, List<Integer> dimensions, TopologicalOrder order, double scale, double shift)
      implements ConvertedValue {
    public Signal {
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

    /** The same values, seen in other dimensions. */
    Signal seenAs(List<Integer> others) {
      return new Signal(node, others, order, scale, shift);
    }
  }

  /** {@code factor · erf(input / √2) + offset}: on its way to become a Gelu. */
  record ErrorFunction(Signal input, double factor, double offset) implements ConvertedValue {}

  /** The softmax of logits. */
  record Probabilities(Signal logits) implements ConvertedValue {}

  /** What an operation that is not supported would give. */
  record Unknown() implements ConvertedValue {}
}
