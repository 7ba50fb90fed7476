package io.espalier.trainer.data.image;

import io.espalier.configs.ImageConfig.Colour;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.util.OptionalInt;

/**
 * Rows of an image as levels from 0 to 255. Samples are taken as they are: Java's own conversion
 * would take grey ones for linear light. Transparency shows white. Grey of a colour is {@code 0.299
 * R + 0.587 G + 0.114 B} (ITU-R BT.601). Not thread-safe.
 */
final class PixelRows {
  private static final int WHITE = 255;

  private final BufferedImage image;
  private final Colour colour;
  private final int[] samples;

  /** Channels of the samples if they are levels of grey or of red, green and blue. */
  private final OptionalInt bands;

  PixelRows(BufferedImage image, Colour colour) {
    this.image = image;
    this.colour = colour;
    ColorModel model = image.getColorModel();
    boolean plain =
        model instanceof ComponentColorModel
            && model.getTransferType() != DataBuffer.TYPE_FLOAT
            && model.getTransferType() != DataBuffer.TYPE_DOUBLE
            && (model.getNumColorComponents() == 1 || model.getNumColorComponents() == 3);
    this.bands = plain ? OptionalInt.of(model.getNumComponents()) : OptionalInt.empty();
    this.samples = new int[image.getWidth() * bands.orElse(1)];
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  /** Writes row {@code y} to {@code levels} {@code [channels, width]}. */
  void read(int y, int[] levels) {
    if (bands.isPresent()) {
      readSamples(y, levels);
    } else {
      readPacked(y, levels);
    }
  }

  private void readSamples(int y, int[] levels) {
    ColorModel model = image.getColorModel();
    int count = bands.orElseThrow();
    int colours = model.getNumColorComponents();
    int most = (1 << model.getComponentSize(0)) - 1;
    image.getRaster().getPixels(0, y, width(), 1, samples);
    for (int x = 0; x < width(); x++) {
      int at = x * count;
      int alpha = model.hasAlpha() ? level(samples[at + colours], most) : WHITE;
      int red = level(samples[at], most);
      int green = colours == 1 ? red : level(samples[at + 1], most);
      int blue = colours == 1 ? red : level(samples[at + 2], most);
      write(levels, x, red, green, blue, alpha);
    }
  }

  private void readPacked(int y, int[] levels) {
    image.getRGB(0, y, width(), 1, samples, 0, width());
    for (int x = 0; x < width(); x++) {
      int argb = samples[x];
      write(levels, x, argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff, argb >>> 24);
    }
  }

  private static int level(int sample, int most) {
    return most == WHITE ? sample : (int) ((sample * (long) WHITE + most / 2) / most);
  }

  private void write(int[] levels, int x, int red, int green, int blue, int alpha) {
    int r = overWhite(red, alpha);
    int g = overWhite(green, alpha);
    int b = overWhite(blue, alpha);
    if (colour == Colour.GREY) {
      levels[x] = (299 * r + 587 * g + 114 * b + 500) / 1000;
      return;
    }
    levels[x] = r;
    levels[width() + x] = g;
    levels[2 * width() + x] = b;
  }

  private static int overWhite(int level, int alpha) {
    return (level * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE;
  }
}
