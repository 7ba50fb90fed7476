package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Adds normal noise, as little light does. */
final class GaussianNoise implements Corruption {
  private static final double[] DEVIATIONS = {.04, .06, .08, .09, .1};

  @Override
  public String name() {
    return "gaussian-noise";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    for (int i = 0; i < image.length; i++) {
      image[i] += (float) (DEVIATIONS[severity - 1] * random.normal(i));
    }
  }
}
