package io.espalier.masks.picture;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Draws the masks of parameters whose units are single weights. Stateless and thread-safe. */
public final class MaskPictures {
  private static final int WIDTH = 64;
  private static final int HEIGHT = DensityGrid.MOST_CELLS / WIDTH;

  private MaskPictures() {}

  /**
   * The whole mask: a row per output (axis 0), a column per weight of an output, row-major.
   * Neighbours share a cell where there are too many.
   */
  public static DensityGrid weights(ParameterShape shape, Mask mask) {
    requireFit(shape, mask);
    int outputs = shape.dimensions().get(0);
    int weights = mask.size() / outputs;
    return draw(mask, outputs, weights, unit -> unit / weights, unit -> unit % weights);
  }

  /**
   * A fully connected layer's {@code [out, channels · height · width]} view of its inputs: a cell
   * per pixel, over all outputs and channels. Inputs are row-major {@code [channels, height,
   * width]}.
   */
  public static DensityGrid pixels(ParameterShape shape, Mask mask, int height, int width) {
    requireFit(shape, mask);
    int area = Math.multiplyExact(height, width);
    if (shape.rank() != 2 || shape.dimensions().get(1) % area != 0) {
      throw new IllegalArgumentException(
          "a layer's inputs must be whole images: parameter=%s, dimensions=%s, height=%d, width=%d"
              .formatted(shape.id(), shape.dimensions(), height, width));
    }
    return draw(mask, height, width, unit -> unit % area / width, unit -> unit % width);
  }

  /**
   * A convolution's {@code [out, in, kH, kW]} window: a cell per place, over all outputs and
   * inputs.
   */
  public static DensityGrid window(ParameterShape shape, Mask mask) {
    requireFit(shape, mask);
    if (shape.rank() != 4) {
      throw new IllegalArgumentException(
          "a convolution's weight must have 4 axes: parameter=%s, dimensions=%s"
              .formatted(shape.id(), shape.dimensions()));
    }
    List<Integer> window = shape.dimensions().subList(2, 4);
    int area = window.get(0) * window.get(1);
    return draw(
        mask,
        window.get(0),
        window.get(1),
        unit -> unit % area / window.get(1),
        unit -> unit % window.get(1));
  }

  /** Rows and columns in full where they fit, else as many of both as a picture of 48 × 64 has. */
  private static DensityGrid draw(
      Mask mask, int height, int width, IntUnaryOperator rowOf, IntUnaryOperator columnOf) {
    int columns =
        Math.min(width, Math.max(WIDTH, DensityGrid.MOST_CELLS / Math.min(height, HEIGHT)));
    int rows = Math.min(height, DensityGrid.MOST_CELLS / columns);
    long[] kept = new long[rows * columns];
    mask.forEachKept(
        unit -> {
          long row = (long) rowOf.applyAsInt(unit) * rows / height;
          long column = (long) columnOf.applyAsInt(unit) * columns / width;
          kept[(int) (row * columns + column)]++;
        });
    long layers = mask.size() / ((long) height * width);
    long[] units = new long[rows * columns];
    for (int cell = 0; cell < units.length; cell++) {
      units[cell] =
          layers * members(cell / columns, rows, height) * members(cell % columns, columns, width);
    }
    return DensityGrid.of(columns, kept, units);
  }

  /** Number of the {@code length} places in a bin: place p is in bin p · bins / length. */
  private static long members(int bin, int bins, int length) {
    return ceil((bin + 1L) * length, bins) - ceil((long) bin * length, bins);
  }

  private static long ceil(long value, long divisor) {
    return (value + divisor - 1) / divisor;
  }

  private static void requireFit(ParameterShape shape, Mask mask) {
    if (mask.size() != shape.size()) {
      throw new IllegalArgumentException(
          "a mask must have one bit per weight: parameter=%s, weights=%d, bits=%d"
              .formatted(shape.id(), shape.size(), mask.size()));
    }
  }
}
