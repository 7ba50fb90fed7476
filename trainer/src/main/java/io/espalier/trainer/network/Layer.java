package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** One kind of computation in a network, with its settings but without its parameters' values. */
public sealed interface Layer {
  /** Whether it can have so many inputs: one, unless it joins several. */
  default boolean takes(int inputs) {
    return inputs == 1;
  }

  /**
   * Shape of the output, that of the first input unless a layer says otherwise; throws {@link
   * Extent.MismatchException} if the inputs do not fit.
   */
  default TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0);
  }

  /** Parameters in the order in which the layer takes them, named {@code node.role}. */
  default List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
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
      LayerParameters.requirePositive("outputs", outputs);
      LayerParameters.requirePositive("groups", groups);
      LayerParameters.requireWindow(kernel, stride, padding);
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      int channels = inputs.get(0).requireImage().channels();
      if (channels % groups != 0 || outputs % groups != 0) {
        throw new TensorShape.MismatchException(
            "groups",
            "its groups must divide its channels: groups=%d, input=%s, outputs=%d"
                .formatted(groups, inputs.get(0), outputs));
      }
      return inputs.get(0).slide(outputs, kernel, stride, padding);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
      int channels = inputs.get(0).channels();
      List<Integer> shape = List.of(outputs, channels / groups, kernel, kernel);
      int positions = outputOf(inputs).size() / outputs;
      return LayerParameters.weights(node, shape, bias, positions);
    }
  }

  /** Fully connected layer; weight {@code [outputs, features]}, bias {@code [outputs]}. */
  record Linear(int outputs, boolean bias) implements Layer {
    public Linear {
      LayerParameters.requirePositive("outputs", outputs);
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      inputs.get(0).requireVector();
      return TensorShape.vector(outputs);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
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
      LayerParameters.requireFinite("epsilon", epsilon);
      if (epsilon < 0) {
        throw new IllegalArgumentException("epsilon must be 0 or more: epsilon=" + epsilon);
      }
    }

    public BatchNorm() {
      this(EPSILON);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
      int channels = inputs.get(0).channels();
      return List.of(
          LayerParameters.vector(node + ".scale", channels, Role.NORM_SCALE, 1),
          LayerParameters.vector(node + ".shift", channels, Role.NORM_SHIFT, 1),
          LayerParameters.vector(node + ".mean", channels, Role.RUNNING_MEAN, 1),
          LayerParameters.vector(node + ".variance", channels, Role.RUNNING_VARIANCE, 1));
    }
  }

  /**
   * Group normalisation (Wu and He, "Group Normalization", 2018): of each example by itself, the
   * values of a block of consecutive channels at all places less their mean and over the root of
   * their biased variance; then scale and shift {@code [channels]}. The same in training and in
   * evaluation: there are no running statistics. One group is layer normalisation (Ba, Kiros and
   * Hinton, "Layer Normalization", 2016), as many groups as channels are instance normalisation
   * (Ulyanov, Vedaldi and Lempitsky, 2016).
   *
   * <p>Of a group of two values hardly more is left than which of them is larger, and nearly no
   * gradient: on vectors, groups should be of four features or more.
   *
   * @param groups blocks of one size, each normalised by itself
   * @param epsilon added to the variance before the root is taken; above 0, as a block may be all 0
   */
  record GroupNorm(int groups, float epsilon) implements Layer {
    /** What is added to the variance, unless told otherwise. */
    public static final float EPSILON = 1e-5f;

    public GroupNorm {
      LayerParameters.requirePositive("groups", groups);
      LayerParameters.requireFinite("epsilon", epsilon);
      if (epsilon <= 0) {
        throw new IllegalArgumentException("epsilon must be above 0: epsilon=" + epsilon);
      }
    }

    public GroupNorm(int groups) {
      this(groups, EPSILON);
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      TensorShape input = inputs.get(0);
      if (input.channels() % groups != 0) {
        throw new TensorShape.MismatchException(
            "groups",
            "its groups must divide its channels: groups=%d, input=%s".formatted(groups, input));
      }
      if (input.size() == groups) {
        throw new TensorShape.MismatchException(
            groups == 1 ? "from" : "groups",
            "each of its groups must have two values or more: groups=%d, input=%s"
                .formatted(groups, input));
      }
      return input;
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
      int channels = inputs.get(0).channels();
      return List.of(
          LayerParameters.vector(node + ".scale", channels, Role.NORM_SCALE, 1),
          LayerParameters.vector(node + ".shift", channels, Role.NORM_SHIFT, 1));
    }
  }

  /** A function of each value alone. */
  record Activation(LayerConfig.Function function) implements Layer {}

  /** Each value where that is positive, else {@code slope} times it. */
  record LeakyRelu(float slope) implements Layer {
    public LeakyRelu {
      LayerParameters.requireFinite("slope", slope);
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
      LayerParameters.requireFinite("scale", scale);
      LayerParameters.requireFinite("shift", shift);
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
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
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
      if (sides.stream().anyMatch(side -> side < 0 || side > LayerParameters.LONGEST)) {
        throw new IllegalArgumentException(
            "padding must be 0 or more: top=%d, left=%d, bottom=%d, right=%d"
                .formatted(top, left, bottom, right));
      }
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      return inputs.get(0).padded(top + bottom, left + right);
    }
  }

  /** Largest value of each square window; padding never wins. */
  record MaxPool(int kernel, int stride, int padding) implements Layer {
    public MaxPool {
      LayerParameters.requireWindow(kernel, stride, padding);
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
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
      LayerParameters.requireWindow(kernel, stride, padding);
    }

    /** Counts the zeros of its padding. */
    public AveragePool(int kernel, int stride, int padding) {
      this(kernel, stride, padding, true);
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
    }
  }

  /** Mean of each channel; the output is a vector. */
  record GlobalAveragePool() implements Layer {
    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      return TensorShape.vector(inputs.get(0).requireImage().channels());
    }
  }

  /** Sum of two or more inputs of one shape. */
  record Add() implements Layer {
    @Override
    public boolean takes(int inputs) {
      return inputs >= 2;
    }

    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      if (inputs.stream().distinct().count() > 1) {
        throw new TensorShape.MismatchException(
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
    public TensorShape outputOf(List<TensorShape> inputs) {
      TensorShape first = inputs.get(0);
      TensorShape second = inputs.get(1);
      boolean perChannel =
          first.channels() == second.channels() && (first.isVector() || second.isVector());
      if (!first.equals(second) && !perChannel) {
        throw new TensorShape.MismatchException(
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
    public TensorShape outputOf(List<TensorShape> inputs) {
      return TensorShape.joined(inputs);
    }
  }

  /** All values of an example as one vector, row-major. */
  record Flatten() implements Layer {
    @Override
    public TensorShape outputOf(List<TensorShape> inputs) {
      return TensorShape.vector(inputs.get(0).size());
    }
  }
}
