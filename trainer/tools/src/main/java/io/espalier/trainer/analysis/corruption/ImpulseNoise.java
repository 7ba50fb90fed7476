package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Makes a share of the values 0 or 1, as often the one as the other. */
final class ImpulseNoise implements Corruption {
  private static final double[] SHARES = {.01, .02, .03, .05, .07};

  @Override
  public String name() {
    return "impulse-noise";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    double share = SHARES[severity - 1];
    for (int i = 0; i < image.length; i++) {
      double drawn = random.uniform(i);
      if (drawn < share) {
        image[i] = drawn < share / 2 ? 0 : 1;
      }
    }
  }
}
