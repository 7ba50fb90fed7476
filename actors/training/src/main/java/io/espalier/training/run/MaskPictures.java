package io.espalier.training.run;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** Draws the masks of parameters whose units are single weights. Stateless and thread-safe. */
final class MaskPictures {
  private static final int WIDTH = 64;
  private static final int HEIGHT = DensityGrid.MOST_CELLS / WIDTH;

  private MaskPictures() {}

  /**
   * The whole mask: a row per output (axis 0), a column per weight of an output, row-major.
   * Neighbours share a cell where there are too many.
   */
  static DensityGrid weights(ParameterShape shape, Mask mask) {
    requireFit(shape, mask);
    int outputs = shape.dimensions().get(0);
    int weights = mask.size() / outputs;
    return draw(mask, outputs, weights);
  }

  /**
   * A fully connected layer's {@code [out, channels · height · width]} view of its inputs: a cell
   * per pixel, over all outputs and channels. Inputs are row-major {@code [channels, height,
   * width]}.
   */
  static DensityGrid pixels(ParameterShape shape, Mask mask, int height, int width) {
    requireFit(shape, mask);
    int area = Math.multiplyExact(height, width);
    if (shape.rank() != 2 || shape.dimensions().get(1) % area != 0) {
      throw new IllegalArgumentException(
          "a layer's inputs must be whole images: parameter=%s, dimensions=%s, height=%d, width=%d"
              .formatted(shape.id(), shape.dimensions(), height, width));
    }
    return draw(mask, height, width);
  }

  /**
   * A convolution's {@code [out, in, kH, kW]} window: a cell per place, over all outputs and
   * inputs.
   */
  static DensityGrid window(ParameterShape shape, Mask mask) {
    requireFit(shape, mask);
    if (shape.rank() != 4) {
      throw new IllegalArgumentException(
          "a convolution's weight must have 4 axes: parameter=%s, dimensions=%s"
              .formatted(shape.id(), shape.dimensions()));
    }
    List<Integer> window = shape.dimensions().subList(2, 4);
    return draw(mask, window.get(0), window.get(1));
  }

  /**
   * A picture of {@code height} lines of {@code width} units, summed over all such layers of the
   * mask. Rows and columns in full where they fit, else as many of both as a picture of 48 × 64
   * has.
   */
  private static DensityGrid draw(Mask mask, int height, int width) {
    int columns =
        Math.min(width, Math.max(WIDTH, DensityGrid.MOST_CELLS / Math.min(height, HEIGHT)));
    int rows = Math.min(height, DensityGrid.MOST_CELLS / columns);
    int[] rowOf = bins(height, rows);
    int[] columnOf = bins(width, columns);
    long layers = mask.size() / ((long) height * width);
    long[] inRow = members(rowOf, rows);
    long[] inColumn = members(columnOf, columns);
    long[] units = new long[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        units[row * columns + column] = layers * inRow[row] * inColumn[column];
      }
    }
    return DensityGrid.of(columns, count(mask, rowOf, columnOf, columns), units);
  }

  /** Kept units per cell, found without a division for each: masks have millions of units. */
  private static long[] count(Mask mask, int[] rowOf, int[] columnOf, int columns) {
    int width = columnOf.length;
    long[] kept = new long[(rowOf[rowOf.length - 1] + 1) * columns];
    int line = 0;
    int lineStart = 0;
    int cell = 0;
    for (int i = 0; i < mask.wordCount(); i++) {
      for (long rest = mask.word(i); rest != 0; rest &= rest - 1) {
        int unit = (i << 6) + Long.numberOfTrailingZeros(rest);
        while (unit - lineStart >= width) {
          lineStart += width;
          line = line + 1 == rowOf.length ? 0 : line + 1;
          cell = rowOf[line] * columns;
        }
        kept[cell + columnOf[unit - lineStart]]++;
      }
    }
    return kept;
  }

  /** The bin of each of {@code length} places: place p is in bin p · bins / length. */
  private static int[] bins(int length, int bins) {
    int[] binOf = new int[length];
    for (int place = 0; place < length; place++) {
      binOf[place] = (int) ((long) place * bins / length);
    }
    return binOf;
  }

  /** Number of places in each bin. */
  private static long[] members(int[] binOf, int bins) {
    long[] members = new long[bins];
    for (int bin : binOf) {
      members[bin]++;
    }
    return members;
  }

  private static void requireFit(ParameterShape shape, Mask mask) {
    if (mask.size() != shape.size()) {
      throw new IllegalArgumentException(
          "a mask must have one bit per weight: parameter=%s, weights=%d, bits=%d"
              .formatted(shape.id(), shape.size(), mask.size()));
    }
  }
}
