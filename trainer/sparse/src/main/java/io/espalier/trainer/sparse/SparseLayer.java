package io.espalier.trainer.sparse;

import java.util.List;

/**
 * One computation of a network, without values. Shapes are those of one example; a layer's
 * parameters are named {@code node.role}, such as {@code fc1.weight}.
 */
public sealed interface SparseLayer {
  /** Functions of one value. */
  enum Function {
    RELU,
    RELU6,
    HARD_SWISH,
    SIGMOID,
    TANH,
    GELU,
    GELU_TANH,
    SILU
  }

  /** The shape of its output; throws {@link IllegalArgumentException} if inputs do not fit. */
  default SparseShape outputOf(List<SparseShape> inputs) {
    return inputs.get(0);
  }

  /** Weight {@code [outputs, channels / groups, kernel, kernel]}, bias {@code [outputs]}. */
  record Convolution(int outputs, int kernel, int stride, int padding, int groups, boolean bias)
      implements SparseLayer {
    public Convolution {
      if (outputs < 1 || kernel < 1 || stride < 1 || padding < 0 || groups < 1) {
        throw new IllegalArgumentException(
            "a convolution must have outputs, kernel, stride and groups of 1 or more and padding of"
                + " 0 or more: outputs=%d, kernel=%d, stride=%d, padding=%d, groups=%d"
                    .formatted(outputs, kernel, stride, padding, groups));
      }
    }

    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      int channels = inputs.get(0).channels();
      if (channels % groups != 0 || outputs % groups != 0) {
        throw new IllegalArgumentException(
            "groups must divide channels: groups=%d, channels=%d, outputs=%d"
                .formatted(groups, channels, outputs));
      }
      return inputs.get(0).slide(outputs, kernel, stride, padding);
    }
  }

  /** Weight {@code [outputs, features]}, bias {@code [outputs]}. */
  record Linear(int outputs, boolean bias) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      if (!inputs.get(0).isVector()) {
        throw new IllegalArgumentException(
            "a linear layer must read a vector, so flatten it first: input=" + inputs.get(0));
      }
      return SparseShape.vector(outputs);
    }
  }

  /** Parameters scale, shift, mean and variance, {@code [channels]}. */
  record BatchNorm(float epsilon) implements SparseLayer {}

  /** Parameters scale and shift, {@code [channels]}. */
  record GroupNorm(int groups, float epsilon) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      if (inputs.get(0).channels() % groups != 0) {
        throw new IllegalArgumentException(
            "groups must divide channels: groups=%d, input=%s".formatted(groups, inputs.get(0)));
      }
      return inputs.get(0);
    }
  }

  /** {@code x / (bias + alpha / size · Σ x²)^beta} over neighbouring channels. */
  record LocalResponseNorm(int size, float alpha, float beta, float bias) implements SparseLayer {}

  record Activation(Function function) implements SparseLayer {}

  record LeakyRelu(float slope) implements SparseLayer {}

  record Clip(float min, float max) implements SparseLayer {}

  /** {@code scale · x + shift}, never trained. */
  record Affine(float scale, float shift) implements SparseLayer {}

  /** Scale, shift or both per channel, trained. */
  record ChannelAffine(boolean scaled, boolean shifted) implements SparseLayer {}

  /** Cells around an image: −∞ if {@code lowest}, else 0. */
  record Pad(int top, int left, int bottom, int right, boolean lowest) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape input = inputs.get(0);
      return new SparseShape(
          input.channels(), input.height() + top + bottom, input.width() + left + right);
    }
  }

  record MaxPool(int kernel, int stride, int padding) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
    }
  }

  /** {@code countsPadding} counts the zeros of the padding as values. */
  record AveragePool(int kernel, int stride, int padding, boolean countsPadding)
      implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
    }
  }

  record GlobalAveragePool() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return SparseShape.vector(inputs.get(0).channels());
    }
  }

  /** Of inputs of one shape. */
  record Add() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      if (inputs.stream().distinct().count() > 1) {
        throw new IllegalArgumentException("inputs must have one shape: inputs=" + inputs);
      }
      return inputs.get(0);
    }
  }

  /** Of two inputs of one shape, or of an image and a number per channel. */
  record Multiply() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape first = inputs.get(0);
      SparseShape second = inputs.get(1);
      boolean perChannel =
          first.channels() == second.channels() && (first.isVector() || second.isVector());
      if (!first.equals(second) && !perChannel) {
        throw new IllegalArgumentException(
            "factors must have one shape, or be an image and a number per channel: inputs="
                + inputs);
      }
      return first.isVector() ? second : first;
    }
  }

  /** Along channels. */
  record Concat() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape first = inputs.get(0);
      if (inputs.stream()
          .anyMatch(each -> each.height() != first.height() || each.width() != first.width())) {
        throw new IllegalArgumentException(
            "inputs must differ in their channels only: inputs=" + inputs);
      }
      int channels = inputs.stream().mapToInt(SparseShape::channels).sum();
      return new SparseShape(channels, first.height(), first.width());
    }
  }

  /** The first channel of each of {@code groups} blocks, then the second of each. */
  record ChannelShuffle(int groups) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      if (inputs.get(0).channels() % groups != 0) {
        throw new IllegalArgumentException(
            "groups must divide channels: groups=%d, input=%s".formatted(groups, inputs.get(0)));
      }
      return inputs.get(0);
    }
  }

  record Flatten() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return SparseShape.vector(inputs.get(0).size());
    }
  }
}
