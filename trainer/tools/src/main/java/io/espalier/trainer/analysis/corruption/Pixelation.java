package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Shrinks an image by means over boxes, and makes it as large as before. */
final class Pixelation implements Corruption {
  private static final double[] SCALES = {.95, .9, .85, .75, .65};

  @Override
  public String name() {
    return "pixelation";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    double scale = SCALES[severity - 1];
    int[] rows = boxes(shape.height(), scale);
    int[] columns = boxes(shape.width(), scale);
    int area = shape.height() * shape.width();
    for (int channel = 0; channel < shape.channels(); channel++) {
      average(image, channel * area, rows, columns);
    }
  }

  /** The box of each pixel of a side. */
  private static int[] boxes(int side, double scale) {
    int many = Math.max(1, (int) (side * scale));
    int[] boxes = new int[side];
    for (int i = 0; i < side; i++) {
      boxes[i] = (int) ((i + .5) * many / side);
    }
    return boxes;
  }

  private static void average(float[] image, int first, int[] rows, int[] columns) {
    int wide = columns[columns.length - 1] + 1;
    double[] sums = new double[(rows[rows.length - 1] + 1) * wide];
    int[] counts = new int[sums.length];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        sums[rows[y] * wide + columns[x]] += image[first + y * columns.length + x];
        counts[rows[y] * wide + columns[x]]++;
      }
    }
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        int box = rows[y] * wide + columns[x];
        image[first + y * columns.length + x] = (float) (sums[box] / counts[box]);
      }
    }
  }
}
