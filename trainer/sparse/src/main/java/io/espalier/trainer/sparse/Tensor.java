package io.espalier.trainer.sparse;

import io.espalier.trainer.network.TensorShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Values of a batch between two layers and their gradient, {@code
 * [channels][height][width][batch]}.
 *
 * <p>Both have a border of cells that are always 0 around each image, so that windows need no
 * bounds checks: the values as wide as the largest reader needs, the gradient as the layer that
 * made the values needs.
 */
final class Tensor {
  /** Behind the values, for vectors that are longer than a run, and before them, to align them. */
  private static final int SLACK = 16 + CacheLines.FLOATS;

  final int channels;
  final int height;
  final int width;
  private int border;
  private int gradientBorder;
  private float[] values = new float[0];
  private float[] gradient = new float[0];
  private int start;
  private int gradientStart;
  private Optional<Tensor> gradientOwner = Optional.empty();

  private final Optional<Tensor> viewed;

  private boolean isViewed;
  private boolean isSpaced;
  private boolean relu;

  private Tensor(TensorShape shape, Optional<Tensor> viewed) {
    channels = shape.channels();
    List<Integer> lengths = shape.dimensions();
    height = lengths.size() == 3 ? lengths.get(1) : 1;
    width = lengths.size() == 1 ? 1 : lengths.get(lengths.size() - 1);
    this.viewed = viewed;
  }

  Tensor(TensorShape shape) {
    this(shape, Optional.empty());
  }

  /** Returns the values as a vector; neither tensor may get a border. */
  Tensor flattened() {
    storage().isViewed = true;
    return new Tensor(TensorShape.vector(cells()), Optional.of(storage()));
  }

  /** The tensor whose memory this one shows. */
  Tensor storage() {
    return viewed.orElse(this);
  }

  /** Whether the values are those after a ReLU that belongs to the layer that made them. */
  boolean hasRelu() {
    return storage().relu;
  }

  void applyRelu() {
    storage().relu = true;
  }

  /**
   * Leaves a cell between channels, if no view forbids it: the channels of a sequence may else lie
   * whole pages apart, so that they share few places of the caches.
   */
  void space() {
    isSpaced = true;
  }

  private int spacing() {
    return isSpaced && !isViewed && viewed.isEmpty() && width > 1 ? 1 : 0;
  }

  void needBorder(int cells) {
    border = Math.max(border, cells);
  }

  void needGradientBorder(int cells) {
    gradientBorder = Math.max(gradientBorder, cells);
    gradientOwner.ifPresent(owner -> owner.needGradientBorder(cells));
  }

  /**
   * Has the gradient in the memory of a tensor of the same shape, whose own is not needed any more
   * when this one is written; both get the wider border. Does nothing where a view forbids borders.
   */
  void shareGradient(Tensor of) {
    if (viewed.isEmpty() && !isViewed && !of.isViewed) {
      gradientOwner = Optional.of(of);
      of.needGradientBorder(gradientBorder);
    }
  }

  void allocate(int batch, boolean withGradient) {
    values = new float[length(plane(), batch) + SLACK];
    if (withGradient && gradientOwner.isEmpty()) {
      gradient = new float[length(gradientPlane(), batch) + SLACK];
    }
  }

  private int length(int plane, int batch) {
    long length = (long) channels * plane * batch;
    if (length > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "the activations of a layer must have at most 2147483583 values: channels=%d, plane=%d,"
                  .formatted(channels, plane)
              + " batch=%d; use smaller batches".formatted(batch));
    }
    return (int) length;
  }

  /**
   * Lets values and gradient start at a cache line, which saves up to half of the time of reading
   * them; what they held is lost. Returns whether they start elsewhere than before.
   */
  boolean align(CacheLines lines) {
    int before = start;
    int gradientBefore = gradientStart;
    start = lines.start(values);
    gradientStart = lines.start(gradient);
    return start != before || gradientStart != gradientBefore;
  }

  /** Makes borders 0 where cells lie elsewhere than before. */
  void clearBorders() {
    if (border > 0) {
      Arrays.fill(values, 0);
    }
    if (gradientBorder() > 0) {
      Arrays.fill(gradient, 0);
    }
  }

  float[] values() {
    return storage().values;
  }

  float[] gradient() {
    Tensor storage = storage();
    return storage.gradientOwner.isPresent()
        ? storage.gradientOwner.get().gradient()
        : storage.gradient;
  }

  int border() {
    return border;
  }

  int gradientBorder() {
    return gradientOwner.isPresent() ? gradientOwner.get().gradientBorder() : gradientBorder;
  }

  int row() {
    return width + 2 * border;
  }

  /** Cells from one channel to the next, borders included. */
  int plane() {
    return (height + 2 * border) * row() + spacing();
  }

  int gradientRow() {
    return width + 2 * gradientBorder();
  }

  int gradientPlane() {
    return (height + 2 * gradientBorder()) * gradientRow() + spacing();
  }

  /** Where the values of a position start, for a batch of {@code size}. */
  int at(int channel, int y, int x, int size) {
    return start() + (channel * plane() + (y + border) * row() + x + border) * size;
  }

  int gradientAt(int channel, int y, int x, int size) {
    int cells = gradientBorder();
    int cell = channel * gradientPlane() + (y + cells) * gradientRow() + x + cells;
    return gradientStart() + cell * size;
  }

  /** Where the border before the first position starts. */
  int start() {
    return storage().start;
  }

  int gradientStart() {
    Tensor storage = storage();
    return storage.gradientOwner.isPresent()
        ? storage.gradientOwner.get().gradientStart()
        : storage.gradientStart;
  }

  int cells() {
    return channels * height * width;
  }
}
