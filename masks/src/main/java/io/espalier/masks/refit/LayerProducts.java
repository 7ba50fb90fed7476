package io.espalier.masks.refit;

import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.SymmetricMatrix;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Mean products of the inputs of one group of a layer, after which a constant input of 1 may come.
 */
final class LayerProducts {
  private final float[] products;
  private final Optional<float[]> means;
  private final int features;
  private final int group;
  private final double scale;

  /**
   * Holds the arrays without copying them.
   *
   * @param products {@code [groups, features, features]}
   * @param means {@code [groups, features]}, of a layer with a bias
   */
  LayerProducts(float[] products, Optional<float[]> means, int features, int group) {
    this.products = products;
    this.means = means;
    this.features = features;
    this.group = group;
    double trace = 0;
    for (int i = 0; i < features; i++) {
      trace += of(i, i);
    }
    this.scale = trace / features;
  }

  /** All inputs, the constant one included. */
  int inputs() {
    return means.isPresent() ? features + 1 : features;
  }

  /** Mean of the mean squares. */
  double scale() {
    return scale;
  }

  /** An upper bound of the condition number of all products with a ridge. */
  double condition(double ridge) {
    return (scale * features + inputs() - features) / (ridge * scale);
  }

  /** The mean product of two inputs. */
  double of(int a, int b) {
    if (a < features && b < features) {
      return products[(group * features + a) * features + b];
    }
    return a == b ? 1 : means.orElseThrow()[group * features + Math.min(a, b)];
  }

  /** Adds the products of a feature with all inputs, times {@code factor}. */
  void add(int feature, double factor, double[] sums) {
    int row = (group * features + feature) * features;
    for (int i = 0; i < features; i++) {
      sums[i] += factor * products[row + i];
    }
    if (means.isPresent()) {
      sums[features] += factor * of(features, feature);
    }
  }

  /**
   * The factor of the products of some inputs with {@code ridge} times their scale on the diagonal,
   * ten times as much while rounding leaves a pivot without meaning.
   */
  Cholesky factor(int[] inputs, double ridge) {
    double added = ridge * scale;
    SymmetricMatrix some =
        SymmetricMatrix.of(inputs.length, (row, column) -> of(inputs[row], inputs[column]));
    Optional<Cholesky> factor = Cholesky.of(some.plus(added), added / 2);
    while (factor.isEmpty()) {
      added *= 10;
      factor = Cholesky.of(some.plus(added), added / 2);
    }
    return factor.get();
  }

  /** The inverse of the products of all inputs with such a ridge. */
  SymmetricMatrix inverse(double ridge) {
    return factor(IntStream.range(0, inputs()).toArray(), ridge).inverse();
  }
}
