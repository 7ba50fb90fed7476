package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Makes each value the share of a Poisson number of photons. */
final class ShotNoise implements Corruption {
  private static final double[] PHOTONS = {500, 250, 100, 75, 50};

  /** A probability that a sum near 1 no longer takes in. */
  private static final double LEAST = 0x1p-54;

  @Override
  public String name() {
    return "shot-noise";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    double photons = PHOTONS[severity - 1];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) (poisson(image[i] * photons, random.uniform(i)) / photons);
    }
  }

  /** The number at which the distribution's sum passes {@code uniform}; means are at most 500. */
  static int poisson(double mean, double uniform) {
    double probability = StrictMath.exp(-mean);
    double sum = probability;
    int number = 0;
    while (sum <= uniform && (number < mean || probability > LEAST)) {
      number++;
      probability *= mean / number;
      sum += probability;
    }
    return number;
  }
}
