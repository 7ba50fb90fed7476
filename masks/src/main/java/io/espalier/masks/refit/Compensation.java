package io.espalier.masks.refit;

import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.SymmetricMatrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/** How kept inputs make up for others of the same layer that go. */
sealed interface Compensation {
  /**
   * Returns the change of each input's weight, of which only those of kept inputs count.
   *
   * @param gone the weight of each feature that goes; 0 of one that stays
   */
  double[] change(double[] gone);

  /**
   * Returns the weights of kept inputs that come next to a value, of which only those of kept
   * inputs count.
   *
   * @param products mean product of the value with each input
   */
  double[] weights(double[] products);

  /** {@code d = (G[S,S] + λI)⁻¹ G[S,P] w[P]}, with a factor of the size of what stays. */
  final class OfKept implements Compensation {
    private final LayerProducts products;
    private final int[] kept;
    private final Cholesky factor;

    OfKept(LayerProducts products, int[] kept, double ridge) {
      this.products = products;
      this.kept = kept;
      this.factor = products.factor(kept, ridge);
    }

    @Override
    public double[] change(double[] gone) {
      double[] lost = new double[products.inputs()];
      for (int feature = 0; feature < gone.length; feature++) {
        if (gone[feature] != 0) {
          products.add(feature, gone[feature], lost);
        }
      }
      return weights(lost);
    }

    @Override
    public double[] weights(double[] of) {
      double[] solution = IntStream.of(kept).mapToDouble(input -> of[input]).toArray();
      factor.solve(solution);
      double[] weights = new double[of.length];
      for (int i = 0; i < kept.length; i++) {
        weights[kept[i]] = solution[i];
      }
      return weights;
    }
  }

  /**
   * The compensation from {@code K = (G + λI)⁻¹} of all inputs, {@code d = −K[S,P] K[P,P]⁻¹ w[P]},
   * with a factor of the size of what goes (Hassibi and Stork, "Second order derivatives for
   * network pruning: optimal brain surgeon", 1993).
   */
  final class OfPruned implements Compensation {
    private final SymmetricMatrix inverse;
    private final int[] pruned;
    private final Cholesky factor;

    OfPruned(SymmetricMatrix inverse, int[] pruned) {
      this.inverse = inverse;
      this.pruned = pruned;
      this.factor =
          Cholesky.of(
                  SymmetricMatrix.of(
                      pruned.length, (row, column) -> inverse.at(pruned[row], pruned[column])),
                  Double.MIN_VALUE)
              .orElseThrow();
    }

    @Override
    public double[] change(double[] gone) {
      double[] solution = IntStream.of(pruned).mapToDouble(input -> gone[input]).toArray();
      factor.solve(solution);
      double[] change = new double[inverse.size()];
      for (int i = 0; i < pruned.length; i++) {
        double[] row = inverse.row(pruned[i]);
        for (int input = 0; input < change.length; input++) {
          change[input] -= solution[i] * row[input];
        }
      }
      return change;
    }

    /** Computes the weights of all inputs first, and then makes up for the pruned ones. */
    @Override
    public double[] weights(double[] of) {
      double[] ofKept = of.clone();
      IntStream.of(pruned).forEach(input -> ofKept[input] = 0);
      double[] weights = inverse.times(ofKept, 1);
      double[] change = change(weights);
      Arrays.setAll(weights, input -> weights[input] + change[input]);
      return weights;
    }
  }
}
