package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/**
 * Raises the largest channel of each pixel, and the others in proportion: the value of hue,
 * saturation and value.
 */
final class Brightness implements Corruption {
  private static final double[] RISES = {.05, .1, .15, .2, .3};

  @Override
  public String name() {
    return "brightness";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    int area = shape.height() * shape.width();
    for (int pixel = 0; pixel < area; pixel++) {
      float value = 0;
      for (int channel = 0; channel < shape.channels(); channel++) {
        value = Math.max(value, image[channel * area + pixel]);
      }
      double risen = Math.min(1, value + RISES[severity - 1]);
      for (int channel = 0; channel < shape.channels(); channel++) {
        int at = channel * area + pixel;
        image[at] = (float) (value > 0 ? image[at] * risen / value : risen);
      }
    }
  }
}
