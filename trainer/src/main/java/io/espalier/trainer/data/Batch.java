package io.espalier.trainer.data;

import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;

/**
 * Normalised inputs and labels of some examples, in memory that the next {@code fill} writes again.
 * Confined to one thread.
 */
public final class Batch {
  private final ImageShape shape;
  private final Augmentation none;
  private final float[] inputs;
  private final int[] labels;
  private int size;

  public Batch(ImageShape shape, int largest) {
    this.shape = shape;
    this.none = Augmentation.none(shape);
    this.inputs = new float[largest * shape.size()];
    this.labels = new int[largest];
  }

  public Batch fill(Examples examples, int[] indices, int from, int count) {
    return fill(examples, none, indices, from, count);
  }

  public Batch fill(
      Examples examples, Augmentation augmentation, int[] indices, int from, int count) {
    examples.fill(indices, from, count, augmentation, inputs, labels);
    size = count;
    return this;
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
    return inputs;
  }

  public int label(int row) {
    return labels[row];
  }

  /** A copy. */
  public int[] labels() {
    return Arrays.copyOf(labels, size);
  }
}
