package io.espalier.trainer.data.image;

import java.util.Arrays;

/**
 * Separable bilinear resampling whose filter grows with the reduction, so that every pixel counts
 * (Turkowski, "Filters for Common Resampling Tasks", 1990). An image of the target's size stays as
 * it is.
 */
final class Resampling {
  private Resampling() {}

  /** The share of each source pixel from {@code first} on in one target pixel; their sum is 1. */
  private static final class Window {
    private final int first;
    private final double[] weights;

    Window(int first, double[] weights) {
      this.first = first;
      this.weights = weights;
    }

    int end() {
      return first + weights.length;
    }
  }

  private static Window[] windows(double from, double part, int size, int target) {
    double scale = part / target;
    double radius = Math.max(1, scale);
    Window[] windows = new Window[target];
    for (int i = 0; i < target; i++) {
      double centre = from + (i + 0.5) * scale;
      int first = Math.max(0, (int) Math.floor(centre - radius));
      int end = Math.min(size, (int) Math.ceil(centre + radius));
      double[] weights = new double[end - first];
      for (int k = 0; k < weights.length; k++) {
        weights[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / radius);
      }
      double sum = Arrays.stream(weights).sum();
      for (int k = 0; k < weights.length; k++) {
        weights[k] /= sum;
      }
      windows[i] = new Window(first, weights);
    }
    return windows;
  }

  /** Planes {@code [channels, targetHeight, targetWidth]} of the frame's part, rounded. */
  static byte[][] resample(PixelRows source, int channels, Frame frame) {
    Window[] columns =
        windows(frame.left(), frame.partWidth(), source.width(), frame.targetWidth());
    Window[] lines =
        windows(frame.top(), frame.partHeight(), source.height(), frame.targetHeight());
    byte[][] planes = new byte[channels][frame.targetHeight() * frame.targetWidth()];
    double[][] rows = new double[source.height()][];
    int[] levels = new int[channels * source.width()];
    int read = 0;
    int released = 0;
    for (int y = 0; y < lines.length; y++) {
      Window line = lines[y];
      for (int row = Math.max(read, line.first); row < line.end(); row++) {
        source.read(row, levels);
        rows[row] = across(levels, channels, source.width(), columns);
      }
      read = Math.max(read, line.end());
      Arrays.fill(rows, released, line.first, null);
      released = line.first;
      write(rows, line, y, planes);
    }
    return planes;
  }

  private static double[] across(int[] levels, int channels, int width, Window[] columns) {
    double[] row = new double[channels * columns.length];
    for (int channel = 0; channel < channels; channel++) {
      for (int x = 0; x < columns.length; x++) {
        Window column = columns[x];
        int from = channel * width + column.first;
        double sum = 0;
        for (int k = 0; k < column.weights.length; k++) {
          sum += column.weights[k] * levels[from + k];
        }
        row[channel * columns.length + x] = sum;
      }
    }
    return row;
  }

  private static void write(double[][] rows, Window line, int y, byte[][] planes) {
    int width = rows[line.first].length / planes.length;
    for (int channel = 0; channel < planes.length; channel++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int k = 0; k < line.weights.length; k++) {
          sum += line.weights[k] * rows[line.first + k][channel * width + x];
        }
        planes[channel][y * width + x] = (byte) Math.max(0, Math.min(255, Math.round(sum)));
      }
    }
  }
}
