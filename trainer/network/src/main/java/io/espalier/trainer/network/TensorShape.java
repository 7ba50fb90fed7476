package io.espalier.trainer.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One example's shape between layers: {@code [channels, height, width]} of an image, {@code
 * [features]} of a vector, or {@code [features, positions]} of a sequence.
 */
public record TensorShape(List<Integer> dimensions) {
  /** Says that a shape does not fit a layer. */
  public static final class MismatchException extends IllegalArgumentException {
    private final String key;

    /** {@code key} is the setting at fault, as a recipe spells it. */
    public MismatchException(String key, String message) {
      super(message);
      this.key = key;
    }

    public String key() {
      return key;
    }
  }

  public TensorShape {
    dimensions = List.copyOf(dimensions);
    long size = 1;
    for (int length : dimensions) {
      size *= length;
      if (size > Integer.MAX_VALUE) {
        throw new MismatchException(
            "outputs", "its output must have at most 2147483647 values: output=" + dimensions);
      }
    }
  }

  public static TensorShape of(ImageShape image) {
    return image(image.channels(), image.height(), image.width());
  }

  public static TensorShape image(int channels, int height, int width) {
    return new TensorShape(List.of(channels, height, width));
  }

  public static TensorShape vector(int features) {
    return new TensorShape(List.of(features));
  }

  public static TensorShape sequence(int features, int positions) {
    return new TensorShape(List.of(features, positions));
  }

  public int size() {
    return dimensions.stream().reduce(1, (product, length) -> product * length);
  }

  /** Channels of an image, features of a vector or of a sequence's positions. */
  public int channels() {
    return dimensions.get(0);
  }

  public boolean isVector() {
    return dimensions.size() == 1;
  }

  public boolean isSequence() {
    return dimensions.size() == 2;
  }

  /** Places that a sequence's features are given at; 1 for a vector. */
  public int positions() {
    return isSequence() ? dimensions.get(1) : 1;
  }

  public TensorShape padded(int rows, int columns) {
    requireImage();
    return image(
        channels(),
        Math.addExact(dimensions.get(1), rows),
        Math.addExact(dimensions.get(2), columns));
  }

  public TensorShape requireImage() {
    return require(3, "an image of channels×height×width");
  }

  public TensorShape requireVector() {
    return require(1, "a vector, so flatten it first");
  }

  public TensorShape requireSequence() {
    return require(2, "a sequence of features×positions, as token-embedding gives");
  }

  public TensorShape requireVectorOrSequence() {
    return isSequence() ? this : requireVector();
  }

  public TensorShape requireNoSequence() {
    if (isSequence()) {
      throw new MismatchException(
          "from", "its input must be an image or a vector, not a sequence: input=" + this);
    }
    return this;
  }

  private TensorShape require(int rank, String rule) {
    if (dimensions.size() != rank) {
      throw new MismatchException("from", "its input must be " + rule + ": input=" + this);
    }
    return this;
  }

  /** This image after a square window has moved over it, with other channels. */
  public TensorShape slide(int outputs, int kernel, int stride, int padding) {
    requireImage();
    return image(
        outputs,
        positions(dimensions.get(1), kernel, stride, padding),
        positions(dimensions.get(2), kernel, stride, padding));
  }

  public static TensorShape joined(List<TensorShape> parts) {
    List<Integer> inner = parts.get(0).inner();
    if (parts.stream().anyMatch(part -> !part.inner().equals(inner))) {
      throw new MismatchException(
          "from", "its inputs must differ in their channels only: inputs=" + parts);
    }
    long channels = parts.stream().mapToLong(TensorShape::channels).sum();
    List<Integer> joined = new ArrayList<>(List.of((int) Math.min(channels, Integer.MAX_VALUE)));
    joined.addAll(inner);
    return new TensorShape(joined);
  }

  private List<Integer> inner() {
    return dimensions.subList(1, dimensions.size());
  }

  private int positions(int length, int kernel, int stride, int padding) {
    if (length + 2L * padding < kernel) {
      throw new MismatchException(
          "kernel",
          "its %d×%d window must fit the input: input=%s, padding=%d"
              .formatted(kernel, kernel, this, padding));
    }
    return (int) ((length + 2L * padding - kernel) / stride) + 1;
  }

  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }
}
