package io.espalier.trainer.analysis.corruption;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;

/** Blurs each channel; beyond its edge an image goes on with the values of the edge. */
final class GaussianBlur implements Corruption {
  private static final double[] DEVIATIONS = {.4, .6, .7, .8, 1};

  /** Deviations beyond which the kernel is cut off. */
  private static final double REACH = 4;

  @Override
  public String name() {
    return "gaussian-blur";
  }

  @Override
  public void apply(float[] image, ImageShape shape, int severity, CounterRandom random) {
    double[] kernel = kernel(DEVIATIONS[severity - 1]);
    int area = shape.height() * shape.width();
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        blur(image, channel * area + y * shape.width(), 1, shape.width(), kernel);
      }
      for (int x = 0; x < shape.width(); x++) {
        blur(image, channel * area + x, shape.width(), shape.height(), kernel);
      }
    }
  }

  private static double[] kernel(double deviation) {
    int radius = (int) (REACH * deviation + .5);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      double distance = (i - radius) / deviation;
      kernel[i] = StrictMath.exp(-distance * distance / 2);
      sum += kernel[i];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return kernel;
  }

  /** Blurs the line of {@code length} values from {@code first} on, {@code stride} apart. */
  private static void blur(float[] image, int first, int stride, int length, double[] kernel) {
    float[] line = new float[length];
    for (int i = 0; i < length; i++) {
      line[i] = image[first + i * stride];
    }
    int radius = kernel.length / 2;
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int k = 0; k < kernel.length; k++) {
        sum += kernel[k] * line[Math.min(length - 1, Math.max(0, i + k - radius))];
      }
      image[first + i * stride] = (float) sum;
    }
  }
}
