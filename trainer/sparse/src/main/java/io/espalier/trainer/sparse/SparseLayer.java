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

  default boolean takes(int inputs) {
    return inputs == 1;
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

  /** Weight {@code [outputs, features]}, bias {@code [outputs]}; of a sequence at each position. */
  record Linear(int outputs, boolean bias) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      if (!inputs.get(0).isSequence()) {
        throw new IllegalArgumentException(
            "a linear layer must read a vector or a sequence, so flatten it first: input="
                + inputs.get(0));
      }
      return SparseShape.sequence(outputs, inputs.get(0).width());
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
    public boolean takes(int inputs) {
      return inputs >= 2;
    }

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
    public boolean takes(int inputs) {
      return inputs == 2;
    }

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
    public boolean takes(int inputs) {
      return inputs >= 2;
    }

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

  /** The pixels of an image as positions of a sequence, row by row. */
  record FlattenPositions() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape image = inputs.get(0);
      return SparseShape.sequence(image.channels(), image.height() * image.width());
    }
  }

  /** Features of tokens, whose numbers it reads; weight {@code [features, tokens]}. */
  record TokenEmbedding(int tokens, int features) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return SparseShape.sequence(features, inputs.get(0).requireTokens());
    }
  }

  /** A sequence of one feature: 1 at tokens, 0 at those that fill a text up. */
  record PaddingMask(int padding) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return SparseShape.sequence(1, inputs.get(0).requireTokens());
    }
  }

  /**
   * Gives each position its own features, the same for all inputs: {@code [features, positions]}.
   */
  record PositionEmbedding() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return inputs.get(0).requireSequence();
    }
  }

  /** One more position before a sequence; weight {@code [features, 1]}. */
  record ClassToken() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape sequence = inputs.get(0).requireSequence();
      return SparseShape.sequence(sequence.channels(), sequence.width() + 1);
    }
  }

  /** Turns pairs of features of each head by angles of the position. */
  record RotaryEmbedding(int headSize, float base) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return inputs.get(0).requireHeads(headSize);
    }
  }

  /**
   * Normalises the features of each position; scale {@code [features]}, shift {@code [features]} if
   * centred.
   *
   * @param width features that means are taken over, of which those that are not there count as 0;
   *     0 for as many as there are
   */
  record PositionNorm(boolean centred, int width, float epsilon) implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return inputs.get(0).requireSequence();
    }
  }

  /**
   * Mean values of each head, of queries, keys and values, and perhaps a mask that hides keys where
   * it is 0. Keys and values may have fewer heads, each of which serves consecutive ones of
   * queries.
   */
  record Attention(int headSize, boolean causal) implements SparseLayer {
    @Override
    public boolean takes(int inputs) {
      return inputs == 3 || inputs == 4;
    }

    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape queries = inputs.get(0).requireHeads(headSize);
      SparseShape keys = inputs.get(1).requireHeads(headSize);
      if (!keys.equals(inputs.get(2))
          || keys.width() != queries.width()
          || queries.channels() % keys.channels() != 0) {
        throw new IllegalArgumentException(
            "keys and values must have one shape, whose heads divide those of the queries: inputs="
                + inputs);
      }
      inputs.stream().skip(3).forEach(mask -> mask.requireMaskOf(queries));
      return queries;
    }
  }

  /** The mean over positions, without those where the second input is 0, if there is one. */
  record MeanPool() implements SparseLayer {
    @Override
    public boolean takes(int inputs) {
      return inputs == 1 || inputs == 2;
    }

    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      SparseShape sequence = inputs.get(0).requireSequence();
      inputs.stream().skip(1).forEach(mask -> mask.requireMaskOf(sequence));
      return SparseShape.vector(sequence.channels());
    }
  }

  record FirstPosition() implements SparseLayer {
    @Override
    public SparseShape outputOf(List<SparseShape> inputs) {
      return SparseShape.vector(inputs.get(0).requireSequence().channels());
    }
  }
}
