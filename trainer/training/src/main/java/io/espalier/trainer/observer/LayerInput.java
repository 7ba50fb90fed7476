package io.espalier.trainer.observer;

/** Holds the values that reached a layer in one pass; height and width of a vector are 1. */
public final class LayerInput {
  private final float[] values;
  private final int channels;
  private final int height;
  private final int width;

  /** Holds {@code values}, row-major {@code [batch, channels, height, width]}, without a copy. */
  public LayerInput(float[] values, int channels, int height, int width) {
    this.values = values;
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  float[] values() {
    return values;
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }
}
