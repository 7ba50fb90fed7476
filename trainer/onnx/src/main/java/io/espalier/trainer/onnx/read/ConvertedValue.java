package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Activation.Function;
import java.util.List;
import java.util.OptionalInt;

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

    /** The node's output itself. */
    Signal bare() {
      return new Signal(node, dimensions, order);
    }
  }

  /** A polynomial of a value, constant first, which may become part of a norm or of a Gelu. */
  record Powers(Signal of, List<Double> coefficients) implements ConvertedValue {
    public Powers {
      coefficients = List.copyOf(coefficients);
    }
  }

  /**
   * {@code factor · g(input) + offset}: part of a Gelu, where {@code g} is erf(input / √2), or the
   * tanh that stands for it.
   */
  record GeluGate(Function gelu, Signal input, double factor, double offset)
      implements ConvertedValue {}

  /** {@code factor · mean(of)} over the features of each position. */
  record FeatureMean(Signal of, double factor) implements ConvertedValue {}

  /** {@code of − share · mean(of)}, or its square. */
  record Centred(Signal of, double share, boolean squared) implements ConvertedValue {}

  /**
   * {@code left · mean(apart²) + ofMean · mean(of)² + epsilon}: what a norm divides by the root of.
   *
   * @param share of the mean that {@code apart} is away from; 0 for the square of {@code of} itself
   */
  record Variance(Signal of, double share, double left, double ofMean, double epsilon)
      implements ConvertedValue {}

  /** The root of a variance, or one over it. */
  record Deviation(Variance of, boolean inverse) implements ConvertedValue {}

  /**
   * {@code scale · queries · keys} of heads, {@code [heads, parts · positions, positions]}, without
   * those that are hidden.
   */
  record Products(Signal queries, Signal keys, double scale, HiddenKeys hidden)
      implements ConvertedValue {
    int heads() {
      return queries.dimensions().get(0);
    }

    int rows() {
      return queries.dimensions().get(1);
    }

    int headSize() {
      return queries.dimensions().get(2);
    }

    int positions() {
      return keys.dimensions().get(2);
    }
  }

  /**
   * Heads of keys or values, each of which comes so many times.
   *
   * @param joined whether those are heads of their own, no axis behind that of the heads
   */
  record Repeated(Signal of, int times, boolean joined) implements ConvertedValue {}

  /** Half of the features of each head. */
  record HeadHalf(Signal of, boolean second, boolean negated) implements ConvertedValue {}

  /**
   * Heads whose halves have changed places.
   *
   * @param negated whether the half that comes first now is negated
   */
  record SwappedHalves(Signal of, boolean negated) implements ConvertedValue {}

  /**
   * A sequence times cosines, or one whose halves of heads have changed places times sines.
   *
   * @param factors {@code [2, pairs, positions]}
   */
  record RotaryTerm(Signal of, boolean swapped, OnnxConstant factors) implements ConvertedValue {}

  /** The softmax of products. */
  record AttentionWeights(Products of) implements ConvertedValue {}

  /**
   * A value that depends on the places of padding alone: its constant for each of {@link
   * PaddingCases}.
   *
   * @param padding the token that is padding, if the graph says it
   */
  record OfPadding(OptionalInt padding, List<OnnxConstant> cases) implements ConvertedValue {
    public OfPadding {
      cases = List.copyOf(cases);
    }
  }

  /** A sequence with 0 at padding. */
  record Unpadded(Signal of, OptionalInt padding) implements ConvertedValue {}

  /**
   * The sum of a sequence over its positions, without padding.
   *
   * @param dimensions in the graph, without the batch
   */
  record TokenSum(Unpadded of, List<Integer> dimensions) implements ConvertedValue {
    public TokenSum {
      dimensions = List.copyOf(dimensions);
    }
  }

  record Probabilities(Signal logits) implements ConvertedValue {}

  record Unknown() implements ConvertedValue {}
}
