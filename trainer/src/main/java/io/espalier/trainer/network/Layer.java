package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** One kind of computation in a network, with its settings but without its parameters' values. */
public sealed interface Layer {
  /** Number of inputs. */
  default int arity() {
    return 1;
  }

  /** Shape of the output; throws {@link IllegalArgumentException} if the inputs do not fit. */
  Extent outputOf(List<Extent> inputs);

  /** Parameters in the order in which the layer takes them, named {@code node.role}. */
  default List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
    return List.of();
  }

  /**
   * Two-dimensional convolution with a square kernel; weight {@code [outputs, channels, kernel,
   * kernel]}, bias {@code [outputs]}.
   */
  record Convolution(int outputs, int kernel, int stride, int padding, boolean bias)
      implements Layer {
    public Convolution {
      requirePositive("outputs", outputs);
      requireWindow(kernel, stride);
      if (padding < 0) {
        throw new IllegalArgumentException("padding must be 0 or more: padding=" + padding);
      }
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).slide(outputs, kernel, stride, padding);
    }

    @Override
    public List<ParameterSpec> parametersOf(String node, List<Extent> inputs) {
      int channels = inputs.get(0).channels();
      List<Integer> shape = List.of(outputs, channels, kernel, kernel);
      int positions = outputOf(inputs).size() / outputs;
      return weights(node, shape, bias, positions);
    }
  }

  /** Fully connected layer; weight {@code [outputs, features]}, bias {@code [outputs]}. */
  record Linear(int outputs) implements Layer {
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
      return weights(node, List.of(outputs, inputs.get(0).channels()), true, 1);
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
  record Activation(Function function) implements Layer {
    /** Which function. */
    public enum Function {
      RELU
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0);
    }
  }

  /** Largest value of each square window, without padding. */
  record MaxPool(int kernel, int stride) implements Layer {
    public MaxPool {
      requireWindow(kernel, stride);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, 0);
    }
  }

  /** Mean of each square window, without padding. */
  record AveragePool(int kernel, int stride) implements Layer {
    public AveragePool {
      requireWindow(kernel, stride);
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, 0);
    }
  }

  /** Mean of each channel; the output is a vector. */
  record GlobalAveragePool() implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return Extent.vector(inputs.get(0).requireImage().channels());
    }
  }

  /** Sum of two equal shapes. */
  record Add() implements Layer {
    @Override
    public int arity() {
      return 2;
    }

    @Override
    public Extent outputOf(List<Extent> inputs) {
      if (!inputs.get(0).equals(inputs.get(1))) {
        throw new Extent.MismatchException("its inputs must have one shape: inputs=" + inputs);
      }
      return inputs.get(0);
    }
  }

  /** All values of an example as one vector, row-major. */
  record Flatten() implements Layer {
    @Override
    public Extent outputOf(List<Extent> inputs) {
      return Extent.vector(inputs.get(0).size());
    }
  }

  private static void requireWindow(int kernel, int stride) {
    requirePositive("kernel", kernel);
    requirePositive("stride", stride);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  private static List<ParameterSpec> weights(
      String node, List<Integer> shape, boolean bias, int positions) {
    long units = shape.stream().mapToLong(length -> length).reduce(1, Math::multiplyExact);
    if (units > Integer.MAX_VALUE) {
      throw new Extent.MismatchException(
          "a weight must have at most 2147483647 units: shape=" + shape);
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
