package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/**
 * A disturbance of images at five severities (Hendrycks and Dietterich, "Benchmarking Neural
 * Network Robustness to Common Corruptions and Perturbations", 2019), with the strengths of
 * CIFAR-10-C, which are for small images. Stateless.
 */
public interface Corruption {
  int SEVERITIES = 5;

  String name();

  /**
   * Changes an image; values may leave the range from 0 to 1, to which the caller limits them.
   *
   * @param image {@code [channels, height, width]}, row-major, from 0 to 1
   * @param severity from 1 to {@link #SEVERITIES}
   * @param random of this image alone
   */
  void apply(float[] image, ImageShape shape, int severity, CounterRandom random);
}
