package io.espalier.trainer.data;

import io.espalier.configs.AugmentationConfig;
import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;

/**
 * Shifts each image of an epoch within a border of mean pixels and may mirror it (Krizhevsky,
 * Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012; He
 * et al., "Deep Residual Learning for Image Recognition", 2016). A pure function of (seed, epoch,
 * example). Immutable and thread-safe.
 */
public final class Augmentation {
  private static final long DOMAIN = 0x617567L;

  private final AugmentationConfig config;
  private final ImageShape image;
  private final CounterRandom random;

  private Augmentation(AugmentationConfig config, ImageShape image, CounterRandom random) {
    this.config = config;
    this.image = image;
    this.random = random;
  }

  /** Augmentation of one epoch, counted from 0. */
  public static Augmentation of(
      AugmentationConfig config, ImageShape image, long seed, long epoch) {
    return new Augmentation(config, image, CounterRandom.of(seed, DOMAIN, epoch));
  }

  public static Augmentation none(ImageShape image) {
    return of(AugmentationConfig.NONE, image, 0, 0);
  }

  boolean changesNothing() {
    return config.equals(AugmentationConfig.NONE);
  }

  /** Writes one example to {@code target}; {@code border} is the padding of each channel. */
  void copy(RawValues values, int example, float[] border, float[] target, int to) {
    long draw = random.bits(example);
    int positions = 2 * config.crop() + 1;
    int down = (int) (((draw >>> 32 & 0x7fffffffL) * positions) >>> 31) - config.crop();
    int right = (int) (((draw & 0xffffffffL) * positions) >>> 32) - config.crop();
    boolean mirrored = config.flip() && draw < 0;
    int width = image.width();
    for (int channel = 0; channel < image.channels(); channel++) {
      for (int y = 0; y < image.height(); y++) {
        int row = y + down;
        int at = to + (channel * image.height() + y) * width;
        if (row < 0 || row >= image.height()) {
          Arrays.fill(target, at, at + width, border[channel]);
        } else {
          int from = (channel * image.height() + row) * width;
          copyRow(values, example, from, right, mirrored, border[channel], target, at);
        }
      }
    }
  }

  private void copyRow(
      RawValues values,
      int example,
      int from,
      int right,
      boolean mirrored,
      float border,
      float[] target,
      int at) {
    int width = image.width();
    int inside = width - Math.abs(right);
    int source = from + Math.max(0, right);
    boolean borderComesFirst = right < 0 != mirrored;
    int to = at + (borderComesFirst ? width - inside : 0);
    if (mirrored) {
      values.copyReversed(example, source, inside, target, to);
    } else {
      values.copy(example, source, inside, target, to);
    }
    if (inside < width) {
      int edge = borderComesFirst ? at : at + inside;
      Arrays.fill(target, edge, edge + width - inside, border);
    }
  }
}
