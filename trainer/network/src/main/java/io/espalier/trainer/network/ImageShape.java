package io.espalier.trainer.network;

/** The shape of one example {@code [channels, height, width]}; a table's row is 1×1×columns. */
public record ImageShape(int channels, int height, int width) {
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "every side of an image must be 1 or more: shape="
              + String.join("×", "" + channels, "" + height, "" + width));
    }
    Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  public int size() {
    return channels * height * width;
  }

  /** Index of each value in the same image as {@code [height, width, channels]}. */
  public int[] sourcesFromChannelsLast() {
    int[] sources = new int[size()];
    int area = height * width;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = i % area * channels + i / area;
    }
    return sources;
  }

  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
