package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Moves the values of each channel towards their mean. */
final class Contrast implements Corruption {
  private static final double[] FACTORS = {.75, .5, .4, .3, .15};

  @Override
  public String name() {
    return "contrast";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    int area = shape.height() * shape.width();
    for (int first = 0; first < image.length; first += area) {
      double sum = 0;
      for (int i = first; i < first + area; i++) {
        sum += image[i];
      }
      double mean = sum / area;
      for (int i = first; i < first + area; i++) {
        image[i] = (float) ((image[i] - mean) * FACTORS[severity - 1] + mean);
      }
    }
  }
}
