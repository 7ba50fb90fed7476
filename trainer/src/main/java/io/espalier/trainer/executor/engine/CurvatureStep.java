package io.espalier.trainer.executor.engine;

import java.nio.FloatBuffer;
import java.util.List;

/** The product of the Hessian and the gradient by a central difference of gradients. */
final class CurvatureStep {
  /**
   * Length of the step, relative to the weights. Rounding adds an error of about 1e-7 over it,
   * third derivatives one of about its square.
   */
  private static final double RELATIVE = 1.0 / 64;

  private CurvatureStep() {}

  /** Factor of the gradient that makes the step; 1 where there are only zeros. */
  static double length(List<MaskedParameter> weights, List<float[]> gradients) {
    double values = 0;
    double slopes = 0;
    for (int p = 0; p < gradients.size(); p++) {
      FloatBuffer weight = weights.get(p).array(0);
      float[] gradient = gradients.get(p);
      for (int unit = 0; unit < gradient.length; unit++) {
        values += (double) weight.get(unit) * weight.get(unit);
        slopes += (double) gradient[unit] * gradient[unit];
      }
    }
    return values > 0 && slopes > 0 ? RELATIVE * Math.sqrt(values / slopes) : 1;
  }

  static List<float[]> times(List<float[]> gradients, double factor) {
    return gradients.stream().map(each -> times(each, factor)).toList();
  }

  private static float[] times(float[] gradient, double factor) {
    float[] product = new float[gradient.length];
    for (int unit = 0; unit < product.length; unit++) {
      product[unit] = (float) (gradient[unit] * factor);
    }
    return product;
  }

  /** Differences of the gradients at both ends of a step of {@code length} each way. */
  static List<float[]> slope(List<float[]> ahead, List<float[]> behind, double length) {
    List<float[]> slopes = times(ahead, 1 / (2 * length));
    for (int p = 0; p < slopes.size(); p++) {
      float[] slope = slopes.get(p);
      float[] opposite = behind.get(p);
      for (int unit = 0; unit < slope.length; unit++) {
        slope[unit] -= (float) (opposite[unit] / (2 * length));
      }
    }
    return slopes;
  }
}
