package io.espalier.trainer.data;

import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Normalised inputs and labels of some examples, in memory that the next {@code fill} writes again.
 * Confined to one thread.
 */
public final class Batch {
  private final ImageShape shape;
  private final Augmentation none;
  private final int largest;
  private int[] labels = new int[0];
  private Examples examples;
  private Augmentation augmentation;
  private int[] indices = new int[0];
  private int first;
  private int size;
  private float[] inputs = new float[0];
  private boolean hasInputs;
  private Optional<Batch> part = Optional.empty();
  private final BatchInputs sparseInputs =
      new BatchInputs() {
        @Override
        public float[] rows() {
          return inputs();
        }

        @Override
        public Optional<ByteScaling> bytes(byte[] target, int stride) {
          return hasInputs
              ? Optional.empty()
              : examples.transpose(indices, first, size, augmentation, target, stride);
        }
      };

  public Batch(ImageShape shape, int largest) {
    this.shape = shape;
    this.none = Augmentation.none(shape);
    this.augmentation = none;
    this.examples = Examples.none(shape.size());
    this.largest = largest;
  }

  public Batch fill(Examples examples, int[] indices, int from, int count) {
    return fill(examples, none, indices, from, count);
  }

  /** Reads inputs when they are asked for: until then, {@code indices} must not change. */
  public Batch fill(
      Examples examples, Augmentation augmentation, int[] indices, int from, int count) {
    if (labels.length != largest * examples.positions()) {
      labels = new int[largest * examples.positions()];
    }
    examples.copyLabels(indices, from, count, labels);
    this.examples = examples;
    this.augmentation = augmentation;
    this.indices = indices;
    first = from;
    size = count;
    hasInputs = false;
    return this;
  }

  /**
   * At most {@code most} of these examples, from {@code from} on, in memory that the next part
   * writes again; valid until the next {@code fill}. Where that is all of them, it is this batch.
   */
  public Batch part(int from, int most) {
    if (from == 0 && size <= most) {
      return this;
    }
    if (part.isEmpty() || part.get().largest < most) {
      part = Optional.of(new Batch(shape, most));
    }
    return part.get()
        .fill(examples, augmentation, indices, first + from, Math.min(most, size - from));
  }

  /** The shape of one example. */
  public ImageShape shape() {
    return shape;
  }

  public int size() {
    return size;
  }

  /**
   * The memory itself, {@code [size, channels, height, width]}, row-major, to be read only; values
   * behind these have no meaning.
   */
  public float[] inputs() {
    if (inputs.length == 0) {
      inputs = new float[largest * shape.size()];
    }
    if (!hasInputs) {
      examples.fill(indices, first, size, augmentation, inputs);
      hasInputs = true;
    }
    return inputs;
  }

  /** Inputs of the present examples, for networks of kept weights. */
  public BatchInputs sparseInputs() {
    return sparseInputs;
  }

  /** Labels, and rows of logits: one of each example, or one of each of its positions. */
  public int rows() {
    return size * examples.positions();
  }

  public int label(int row) {
    return labels[row];
  }

  /** The labels of all rows; a copy. */
  public int[] labels() {
    return Arrays.copyOf(labels, rows());
  }
}
