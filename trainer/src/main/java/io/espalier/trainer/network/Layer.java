package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** One kind of computation in a network, with its settings but without its parameters' values. */
public sealed interface Layer {
  /** Whether it can have so many inputs: one, unless it joins several. */
  default boolean takes(int inputs) {
    return inputs == 1;
  }

  /** Shape of the output; throws {@link Extent.MismatchException} if the inputs do not fit. */
  Extent outputOf(List<Extent> inputs);

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
      return weights(node, shape, bias, positions);
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
      return weights(node, List.of(outputs, inputs.get(0).channels()), bias, 1);
    }
  }

  /**
   * Batch normalisation over all axes but the channels (Ioffe and Szegedy, "Batch Normalization:
   * Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015); scale, shift
   * and running statistics {@code [channels]}.
   */
  record BatchNorm() implements Layer {
    /** Added to the variance before the root is taken. */
    static final float EPSILON = 1e-5f;

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      int channels = inputs.get(0).channels();
      return List.of(
          vector(node + ".scale", channels, Role.NORM_SCALE, 1),
          vector(node + ".shift", channels, Role.NORM_SHIFT, 1),
          vector(node + ".mean", channels, Role.RUNNING_MEAN, 1),
          vector(node + ".variance", channels, Role.RUNNING_VARIANCE, 1));
    }
  }

  /** A function of each value alone. */
  record Activation(LayerConfig.Function function) implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0);
    }
  }

  /** Each value where that is positive, else {@code slope} times it. */
  record LeakyRelu(float slope) implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0);
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

  /** Mean of each square window, the zeros of its padding included. */
  record AveragePool(int kernel, int stride, int padding) implements Layer {
    public AveragePool {
      requireWindow(kernel, stride, padding);
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
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  private static List<ParameterSpec> weights(
      String node, List<Integer> shape, boolean bias, int positions) {
    double units = shape.stream().mapToDouble(length -> length).reduce(1, (a, b) -> a * b);
    if (units > Integer.MAX_VALUE) {
      throw new Extent.MismatchException(
          "outputs", "a weight must have at most 2147483647 units: shape=" + shape);
    }
    int outputs = shape.get(0);
    int fanIn = (int) (units / outputs);
    ParameterShape weight = new ParameterShape(new ParameterId(node + ".weight"), shape);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec(weight, Role.WEIGHT, fanIn, positions));
    if (bias) {
      specs.add(vector(node + ".bias", outputs, Role.BIAS, fanIn));
    }
    return specs;
  }

  private static ParameterSpec vector(String name, int length, Role role, int fanIn) {
    ParameterShape shape = new ParameterShape(new ParameterId(name), List.of(length));
    return new ParameterSpec(shape, role, fanIn, 0);
  }
}
