package io.espalier.trainer.initial;

import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;

/**
 * A weight as a matrix of its outputs × all that one output reads, uniform among those with
 * orthogonal rows, or columns if there are fewer, of length {@code gain}; biases 0 ("Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks", Saxe, McClelland
 * and Ganguli, 2014). Takes {@code 4 · short side² · long side} operations.
 */
record Orthogonal() implements GainedInitializer {
  @Override
  public String name() {
    return "orthogonal";
  }

  @Override
  public Initializer create(double gain) {
    return (weight, random, values) -> fill(weight, gain, random, values);
  }

  private static void fill(
      ParameterSpec weight, double gain, SplittableRandom random, float[] values) {
    int rows = weight.shape().dimensions().get(0);
    int columns = values.length / rows;
    double[][] basis = basis(Math.min(rows, columns), Math.max(rows, columns), random);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double entry = rows <= columns ? basis[row][column] : basis[column][row];
        values[row * columns + column] = (float) (gain * entry);
      }
    }
  }

  /**
   * Orthonormal vectors from normal ones by Gram and Schmidt. Each is made orthogonal twice, which
   * is enough for full precision (Giraud, Langou, Rozložník and van den Eshof, 2005).
   */
  private static double[][] basis(int vectors, int length, SplittableRandom random) {
    double[][] basis = new double[vectors][];
    for (int i = 0; i < vectors; i++) {
      double[] vector = normal(length, random);
      for (int pass = 0; pass < 2; pass++) {
        for (int earlier = 0; earlier < i; earlier++) {
          add(vector, -dot(vector, basis[earlier]), basis[earlier]);
        }
      }
      double norm = StrictMath.sqrt(dot(vector, vector));
      for (int k = 0; k < length; k++) {
        vector[k] /= norm;
      }
      basis[i] = vector;
    }
    return basis;
  }

  private static double[] normal(int length, SplittableRandom random) {
    float[] drawn = new float[length];
    Draws.normal(drawn, 1, random);
    double[] vector = new double[length];
    for (int k = 0; k < length; k++) {
      vector[k] = drawn[k];
    }
    return vector;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static void add(double[] vector, double factor, double[] other) {
    for (int k = 0; k < vector.length; k++) {
      vector[k] += factor * other[k];
    }
  }
}
