package io.espalier.trainer.analysis;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.observer.CurvatureStep;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The eigenvalue of the Hessian that is largest in magnitude, by power iteration with products of
 * the Hessian as central differences of gradients.
 *
 * @param eigenvalue the Rayleigh quotient of the last direction
 * @param products of the Hessian that were computed
 * @param converged whether the last product changed it by less than {@link #TOLERANCE} of itself
 */
record PowerIteration(double eigenvalue, int products, boolean converged) {
  static final int MOST_PRODUCTS = 100;
  static final double TOLERANCE = 1e-3;

  /**
   * Length of a difference's step, relative to the weights: as short as rounding of the gradients
   * allows, for the loss of networks with rectifiers bends at once.
   */
  private static final double STEP = 1.0 / 1024;

  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x706f7765L;

  /**
   * Iterates from a random direction.
   *
   * @param weights where the Hessian is taken, to be read only; those that are 0 in an array that
   *     {@code masked} names stay 0
   * @param gradients at the weights with a shift, one array per weight array
   * @param step called with the number of products so far
   */
  static PowerIteration of(
      List<FloatBuffer> weights,
      List<Boolean> masked,
      UnaryOperator<List<float[]>> gradients,
      long seed,
      IntConsumer step) {
    List<float[]> direction =
        IntStream.range(0, weights.size())
            .mapToObj(p -> drawn(weights.get(p), masked.get(p), CounterRandom.of(seed, DOMAIN, p)))
            .toList();
    double eigenvalue = Double.NaN;
    for (int products = 1; products <= MOST_PRODUCTS; products++) {
      double length = length(direction);
      if (length == 0) {
        return new PowerIteration(0, products - 1, true);
      }
      scale(direction, 1 / length);
      List<float[]> product = CurvatureStep.product(weights, gradients, direction, STEP);
      double before = eigenvalue;
      eigenvalue = inner(direction, product);
      step.accept(products);
      if (Math.abs(eigenvalue - before) <= TOLERANCE * Math.abs(eigenvalue)) {
        return new PowerIteration(eigenvalue, products, true);
      }
      for (int p = 0; p < direction.size(); p++) {
        take(product.get(p), weights.get(p), masked.get(p), direction.get(p));
      }
    }
    return new PowerIteration(eigenvalue, MOST_PRODUCTS, false);
  }

  private static float[] drawn(FloatBuffer weights, boolean masked, CounterRandom random) {
    float[] direction = new float[weights.limit()];
    for (int unit = 0; unit < direction.length; unit++) {
      direction[unit] = masked && weights.get(unit) == 0 ? 0 : (float) random.normal(unit);
    }
    return direction;
  }

  /** Takes the product as the next direction, in the space of weights that are not pruned. */
  private static void take(
      float[] product, FloatBuffer weights, boolean masked, float[] direction) {
    for (int unit = 0; unit < direction.length; unit++) {
      direction[unit] = masked && weights.get(unit) == 0 ? 0 : product[unit];
    }
  }

  private static double inner(List<float[]> left, List<float[]> right) {
    double sum = 0;
    for (int p = 0; p < left.size(); p++) {
      for (int unit = 0; unit < left.get(p).length; unit++) {
        sum += (double) left.get(p)[unit] * right.get(p)[unit];
      }
    }
    return sum;
  }

  private static double length(List<float[]> direction) {
    return Math.sqrt(inner(direction, direction));
  }

  private static void scale(List<float[]> direction, double factor) {
    for (float[] each : direction) {
      for (int unit = 0; unit < each.length; unit++) {
        each[unit] = (float) (each[unit] * factor);
      }
    }
  }
}
