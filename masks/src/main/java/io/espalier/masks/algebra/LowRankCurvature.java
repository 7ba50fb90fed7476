package io.espalier.masks.algebra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The curvature {@code H = (1/n) AᵀA + λ I} of a loss by the gradients {@code A} of {@code n}
 * examples, never formed: all that is factored is {@code A Aᵀ + n λ I} (Woodbury, 1950).
 */
public final class LowRankCurvature {
  private final float[] rows;
  private final int length;

  /** Where each row begins that is not 0. */
  private final List<Integer> starts = new ArrayList<>();

  private final double damping;

  /**
   * Holds the rows without copying them.
   *
   * @param rows {@code [count, length]}, row-major; those of zeros do not count
   * @param relative {@code λ} as a share of the mean of the diagonal without it
   */
  public LowRankCurvature(float[] rows, int length, double relative) {
    this.rows = rows;
    this.length = length;
    double squares = 0;
    for (int from = 0; from < rows.length; from += length) {
      double square = 0;
      for (int i = from; i < from + length; i++) {
        square += (double) rows[i] * rows[i];
      }
      if (square > 0) {
        starts.add(from);
        squares += square;
      }
    }
    this.damping = starts.isEmpty() ? 1 : relative * squares / starts.size() / length;
  }

  /** The diagonal of the inverse. */
  public double[] inverseDiagonal() {
    double[] diagonal = new double[length];
    if (starts.isEmpty()) {
      Arrays.fill(diagonal, 1 / damping);
      return diagonal;
    }
    SymmetricMatrix inverse = factor(new boolean[0]).inverse();
    double[] column = new double[starts.size()];
    for (int i = 0; i < length; i++) {
      for (int row = 0; row < column.length; row++) {
        column[row] = rows[starts.get(row) + i];
      }
      double[] solved = inverse.times(column, 1);
      double taken = 0;
      for (int row = 0; row < column.length; row++) {
        taken += column[row] * solved[row];
      }
      diagonal[i] = (1 - taken) / damping;
    }
    return diagonal;
  }

  /**
   * The change of free entries that makes {@code gᵀd + ½ dᵀHd} least where the others change as
   * given, with {@code g = (1/n) Aᵀ1} if the slope counts, else 0.
   *
   * @param free which entries may change
   * @param given the changes of the others; those of free ones are not read
   */
  public double[] best(boolean[] free, double[] given, boolean slope) {
    double[] change = new double[length];
    if (starts.isEmpty()) {
      return change;
    }
    double[] sides = new double[starts.size()];
    for (int row = 0; row < sides.length; row++) {
      sides[row] = slope ? 1 : 0;
      for (int i = 0; i < length; i++) {
        sides[row] += free[i] ? 0 : rows[starts.get(row) + i] * given[i];
      }
    }
    factor(free).solve(sides);
    for (int row = 0; row < sides.length; row++) {
      for (int i = 0; i < length; i++) {
        change[i] -= free[i] ? rows[starts.get(row) + i] * sides[row] : 0;
      }
    }
    return change;
  }

  /** The factor of {@code A Aᵀ + n λ I} over some entries; over all if {@code some} is empty. */
  private Cholesky factor(boolean[] some) {
    double added = damping * starts.size();
    SymmetricMatrix products =
        SymmetricMatrix.of(starts.size(), (a, b) -> product(starts.get(a), starts.get(b), some));
    return Cholesky.of(products.plus(added), Double.MIN_VALUE).orElseThrow();
  }

  private double product(int a, int b, boolean[] some) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += some.length == 0 || some[i] ? (double) rows[a + i] * rows[b + i] : 0;
    }
    return sum;
  }
}
