package io.espalier.trainer.observer;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/** Products of the Hessian and a direction by a central difference of gradients. */
public final class CurvatureStep {
  /**
   * Length of the step, relative to the weights. Rounding adds an error of about 1e-7 over it,
   * third derivatives one of about its square.
   */
  private static final double RELATIVE = 1.0 / 64;

  private CurvatureStep() {}

  /** Returns the Hessian of the batch's mean loss, at a temperature, times a direction. */
  static List<float[]> product(
      WeightPasses.Runner runner, double temperature, List<float[]> direction) {
    return product(
        runner.weights(), shifts -> runner.gradients(temperature, shifts), direction, RELATIVE);
  }

  /**
   * Returns the Hessian times a direction, at {@code weights}.
   *
   * @param gradients at the weights with a shift, one array per weight array
   * @param relative length of the step, relative to the weights
   */
  public static List<float[]> product(
      List<FloatBuffer> weights,
      UnaryOperator<List<float[]>> gradients,
      List<float[]> direction,
      double relative) {
    double length = length(weights, direction, relative);
    return slope(
        gradients.apply(times(direction, length)),
        gradients.apply(times(direction, -length)),
        length);
  }

  /** Factor of the direction that makes the step; 1 where there are only zeros. */
  private static double length(
      List<FloatBuffer> weights, List<float[]> direction, double relative) {
    double values = 0;
    double slopes = 0;
    for (int p = 0; p < direction.size(); p++) {
      FloatBuffer weight = weights.get(p);
      float[] each = direction.get(p);
      for (int unit = 0; unit < each.length; unit++) {
        values += (double) weight.get(unit) * weight.get(unit);
        slopes += (double) each[unit] * each[unit];
      }
    }
    return values > 0 && slopes > 0 ? relative * Math.sqrt(values / slopes) : 1;
  }

  private static List<float[]> times(List<float[]> gradients, double factor) {
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
  private static List<float[]> slope(List<float[]> ahead, List<float[]> behind, double length) {
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
