package io.espalier.trainer.network;

import java.util.function.Consumer;

/**
 * The part of a layer's input that its weight multiplies: the whole vector, the features of each
 * position of a sequence, or the values under a square window at each of its places, zeros in the
 * padding, for each group of channels apart.
 */
public record Unfold(int kernel, int stride, int padding, int groups) {
  /** The unfold of a layer that reads a whole vector, or all features of a position. */
  public static final Unfold PLACES = new Unfold(1, 1, 0, 1);

  /**
   * Visits the rows {@code [channels / groups · kernel · kernel]} of a batch, in the order of
   * examples and places. The row is used again: a visitor must not keep it.
   *
   * @param input row-major, {@code [batch, channels, height, width]}; height and width of a vector
   *     are 1, a sequence has one row
   */
  public void forEachRow(
      float[] input, int channels, int height, int width, int group, Consumer<float[]> visit) {
    int perGroup = channels / groups;
    float[] row = new float[perGroup * kernel * kernel];
    int plane = height * width;
    for (int example = 0; example < input.length; example += channels * plane) {
      int first = example + group * perGroup * plane;
      for (int top = -padding; top + kernel <= height + padding; top += stride) {
        for (int left = -padding; left + kernel <= width + padding; left += stride) {
          fill(row, input, first, height, width, top, left);
          visit.accept(row);
        }
      }
    }
  }

  /** Fills {@code row} with that of one example and place, in their order, of a single group. */
  public void fillRow(float[] row, float[] input, int channels, int height, int width, int at) {
    int across = (width + 2 * padding - kernel) / stride + 1;
    int places = across * ((height + 2 * padding - kernel) / stride + 1);
    int place = at % places;
    fill(
        row,
        input,
        at / places * channels * height * width,
        height,
        width,
        place / across * stride - padding,
        place % across * stride - padding);
  }

  private void fill(
      float[] row, float[] input, int first, int height, int width, int top, int left) {
    int at = 0;
    for (int channel = first; at < row.length; channel += height * width) {
      for (int y = top; y < top + kernel; y++) {
        for (int x = left; x < left + kernel; x++) {
          boolean inside = y >= 0 && y < height && x >= 0 && x < width;
          row[at++] = inside ? input[channel + y * width + x] : 0;
        }
      }
    }
  }
}
