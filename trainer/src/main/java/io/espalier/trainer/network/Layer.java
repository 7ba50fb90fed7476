package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** One kind of computation in a network, with its settings but without its parameters' values. */
public sealed interface Layer {
  /** The most rows or columns of a window or of its padding: sums of lengths stay in range. */
  int LONGEST = 1 << 20;

  /** Whether it can have so many inputs: one, unless it joins several. */
  default boolean takes(int inputs) {
    return inputs == 1;
  }

  /**
   * Shape of the output, that of the first input unless a layer says otherwise; throws {@link
   * Extent.MismatchException} if the inputs do not fit.
   */
  default Extent outputOf(List<Extent> inputs) {
    return inputs.get(0);
  }

  /** Parameters in the order in which the layer takes them, named {@code node.role}. */
  default List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
    return List.of();
  }

  /**
   * Two-dimensional convolution with a square kernel; weight {@code [outputs, channels / groups,
   * kernel, kernel]}, bias {@code [outputs]}. Each of the groups of outputs sees its own part of
   * the channels.
   */
  record Convolution(int outputs, int kernel, int stride, int padding, int groups, boolean bias)
      implements Layer {
    public Convolution {
      requirePositive("outputs", outputs);
      requirePositive("groups", groups);
      requireWindow(kernel, stride, padding);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      int channels = inputs.get(0).requireImage().channels();
      if (channels % groups != 0 || outputs % groups != 0) {
        throw new Extent.MismatchException(
            "groups",
            "its groups must divide its channels: groups=%d, input=%s, outputs=%d"
                .formatted(groups, inputs.get(0), outputs));
      }
      return inputs.get(0).slide(outputs, kernel, stride, padding);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      int channels = inputs.get(0).channels();
      List<Integer> shape = List.of(outputs, channels / groups, kernel, kernel);
      int positions = outputOf(inputs).size() / outputs;
      return LayerParameters.weights(node, shape, bias, positions);
    }
  }

  /** Fully connected layer; weight {@code [outputs, features]}, bias {@code [outputs]}. */
  record Linear(int outputs, boolean bias) implements Layer {
    public Linear {
      requirePositive("outputs", outputs);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      inputs.get(0).requireVector();
      return Extent.vector(outputs);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      return LayerParameters.weights(node, List.of(outputs, inputs.get(0).channels()), bias, 1);
    }
  }

  /**
   * Batch normalisation over all axes but the channels (Ioffe and Szegedy, "Batch Normalization:
   * Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015); scale, shift
   * and running statistics {@code [channels]}.
   *
   * @param epsilon added to the variance before the root is taken
   */
  record BatchNorm(float epsilon) implements Layer {
    /** What is added to the variance, unless told otherwise. */
    public static final float EPSILON = 1e-5f;

    public BatchNorm {
      requireFinite("epsilon", epsilon);
      if (epsilon < 0) {
        throw new IllegalArgumentException("epsilon must be 0 or more: epsilon=" + epsilon);
      }
    }

    public BatchNorm() {
      this(EPSILON);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      int channels = inputs.get(0).channels();
      return List.of(
          LayerParameters.vector(node + ".scale", channels, Role.NORM_SCALE, 1),
          LayerParameters.vector(node + ".shift", channels, Role.NORM_SHIFT, 1),
          LayerParameters.vector(node + ".mean", channels, Role.RUNNING_MEAN, 1),
          LayerParameters.vector(node + ".variance", channels, Role.RUNNING_VARIANCE, 1));
    }
  }

  /** A function of each value alone. */
  record Activation(LayerConfig.Function function) implements Layer {}

  /** Each value where that is positive, else {@code slope} times it. */
  record LeakyRelu(float slope) implements Layer {
    public LeakyRelu {
      requireFinite("slope", slope);
    }
  }

  /** Each value, but none below {@code min} or above {@code max}, of which one may be infinite. */
  record Clip(float min, float max) implements Layer {
    public Clip {
      if (!(min <= max)) {
        throw new IllegalArgumentException(
            "min must be at most max: min=%s, max=%s".formatted(min, max));
      }
    }
  }

  /** {@code scale · value + shift} with numbers that are never trained. */
  record Affine(float scale, float shift) implements Layer {
    public Affine {
      requireFinite("scale", scale);
      requireFinite("shift", shift);
    }
  }

  /**
   * {@code scale · value + shift} with a trained number {@code [channels]} for each of the two, or
   * for one of them.
   */
  record ChannelAffine(boolean scaled, boolean shifted) implements Layer {
    public ChannelAffine {
      if (!scaled && !shifted) {
        throw new IllegalArgumentException("it must scale or shift: scaled=false, shifted=false");
      }
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      int channels = inputs.get(0).channels();
      List<ParameterSpec> specs = new ArrayList<>();
      if (scaled) {
        specs.add(LayerParameters.vector(node + ".scale", channels, Role.NORM_SCALE, 1));
      }
      if (shifted) {
        specs.add(LayerParameters.vector(node + ".shift", channels, Role.NORM_SHIFT, 1));
      }
      return specs;
    }
  }

  /**
   * Rows and columns of one value around an image: of 0, or of what no pooling lets win.
   *
   * @param lowest whether they are of the lowest value there is, −∞, instead of 0
   */
  record Pad(int top, int left, int bottom, int right, boolean lowest) implements Layer {
    public Pad {
      List<Integer> sides = List.of(top, left, bottom, right);
      if (sides.stream().anyMatch(side -> side < 0 || side > LONGEST)) {
        throw new IllegalArgumentException(
            "padding must be 0 or more: top=%d, left=%d, bottom=%d, right=%d"
                .formatted(top, left, bottom, right));
      }
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).padded(top + bottom, left + right);
    }
  }

  /** Largest value of each square window; padding never wins. */
  record MaxPool(int kernel, int stride, int padding) implements Layer {
    public MaxPool {
      requireWindow(kernel, stride, padding);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
    }
  }

  /**
   * Mean of each square window.
   *
   * @param countsPadding whether the zeros of the padding count as values
   */
  record AveragePool(int kernel, int stride, int padding, boolean countsPadding) implements Layer {
    public AveragePool {
      requireWindow(kernel, stride, padding);
    }

    /** Counts the zeros of its padding. */
    public AveragePool(int kernel, int stride, int padding) {
      this(kernel, stride, padding, true);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
    }
  }

  /** Mean of each channel; the output is a vector. */
  record GlobalAveragePool() implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return Extent.vector(inputs.get(0).requireImage().channels());
    }
  }

  /** Sum of two or more inputs of one shape. */
  record Add() implements Layer {
    @Override
    public boolean takes(int inputs) {
      return inputs >= 2;
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      if (inputs.stream().distinct().count() > 1) {
        throw new Extent.MismatchException(
            "from", "its inputs must have one shape: inputs=" + inputs);
      }
      return inputs.get(0);
    }
  }

  /** Product of two inputs of one shape, or of an image and a vector with a number per channel. */
  record Multiply() implements Layer {
    @Override
    public boolean takes(int inputs) {
      return inputs == 2;
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      Extent first = inputs.get(0);
      Extent second = inputs.get(1);
      boolean perChannel =
          first.channels() == second.channels() && (first.isVector() || second.isVector());
      if (!first.equals(second) && !perChannel) {
        throw new Extent.MismatchException(
            "from",
            "its inputs must have one shape, or be an image and a number per channel: inputs="
                + inputs);
      }
      return first.isVector() ? second : first;
    }
  }

  /** Two or more inputs behind one another along their channels or features. */
  record Concat() implements Layer {
    @Override
    public boolean takes(int inputs) {
      return inputs >= 2;
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return Extent.joined(inputs);
    }
  }

  /** All values of an example as one vector, row-major. */
  record Flatten() implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return Extent.vector(inputs.get(0).size());
    }
  }

  private static void requireWindow(int kernel, int stride, int padding) {
    requirePositive("kernel", kernel);
    requirePositive("stride", stride);
    if (padding < 0) {
      throw new IllegalArgumentException("padding must be 0 or more: padding=" + padding);
    }
    if (Math.max(kernel, padding) > LONGEST) {
      throw new IllegalArgumentException(
          "kernel and padding must be at most %d: kernel=%d, padding=%d"
              .formatted(LONGEST, kernel, padding));
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  private static void requireFinite(String name, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite: " + name + "=" + value);
    }
  }
}
