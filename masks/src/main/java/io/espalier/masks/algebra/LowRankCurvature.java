package io.espalier.masks.algebra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The curvature {@code H = (1/n) AᵀA + λ I} of a loss by the gradients {@code A} of {@code n}
 * examples, never formed: all that is factored is {@code A Aᵀ + n λ I} (Woodbury, 1950).
 */
public final class LowRankCurvature {
  private final float[] rows;
  private final int length;

  /** Where each row begins that is not 0. */
  private final List<Integer> starts;

  private final double damping;

  /** {@code A Aᵀ} once it is needed. */
  private Optional<SymmetricMatrix> all = Optional.empty();

  /**
   * Holds the rows without copying them.
   *
   * @param rows {@code [count, length]}, row-major; those of zeros do not count
   * @param relative {@code λ} as a share of the mean of the diagonal without it
   */
  public LowRankCurvature(float[] rows, int length, double relative) {
    this.rows = rows;
    this.length = length;
    this.starts = new ArrayList<>();
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

  private LowRankCurvature(float[] rows, int length, List<Integer> starts, double damping) {
    this.rows = rows;
    this.length = length;
    this.starts = starts;
    this.damping = damping;
  }

  /** The curvature by some entries alone, in their order, with the same damping. */
  LowRankCurvature among(int[] entries) {
    float[] some = new float[starts.size() * entries.length];
    List<Integer> begins = new ArrayList<>();
    for (int row = 0; row < starts.size(); row++) {
      begins.add(row * entries.length);
      for (int i = 0; i < entries.length; i++) {
        some[row * entries.length + i] = rows[starts.get(row) + entries[i]];
      }
    }
    return new LowRankCurvature(some, entries.length, begins, damping);
  }

  /** Examples that count. */
  int examples() {
    return starts.size();
  }

  /** {@code λ}. */
  double damping() {
    return damping;
  }

  /** Adds {@code A d} to one number for each example. */
  double[] plusProducts(double[] change, double[] sides) {
    double[] sums = sides.clone();
    for (int row = 0; row < sums.length; row++) {
      int start = starts.get(row);
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += rows[start + i] * change[i];
      }
      sums[row] += sum;
    }
    return sums;
  }

  /** {@code (1/n) Aᵀr + λ d}. */
  double[] slopes(double[] residual, double[] change) {
    double[] slopes = new double[length];
    for (int i = 0; i < length; i++) {
      slopes[i] = damping * change[i];
    }
    for (int row = 0; row < residual.length; row++) {
      int start = starts.get(row);
      double factor = residual[row] / residual.length;
      for (int i = 0; i < length; i++) {
        slopes[i] += factor * rows[start + i];
      }
    }
    return slopes;
  }

  /** A bound of the curvature in any direction: the mean square of a row, and λ. */
  double largest() {
    return damping + (starts.isEmpty() ? 0 : products().scale());
  }

  /** The diagonal of the inverse. */
  public double[] inverseDiagonal() {
    double[] diagonal = new double[length];
    if (starts.isEmpty()) {
      Arrays.fill(diagonal, 1 / damping);
      return diagonal;
    }
    SymmetricMatrix inverse = factor(products()).inverse();
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
    double[] sides = new double[starts.size()];
    for (int row = 0; row < sides.length; row++) {
      sides[row] = slope ? 1 : 0;
      for (int i = 0; i < length; i++) {
        sides[row] += free[i] ? 0 : rows[starts.get(row) + i] * given[i];
      }
    }
    return best(free, sides);
  }

  /**
   * The change {@code d} of free entries that makes {@code (1/2n) ‖A d + r‖² + (λ/2) ‖d‖²} least,
   * with one number {@code r} for each example; 0 of the others.
   *
   * @param sides replaced
   */
  double[] best(boolean[] free, double[] sides) {
    double[] change = new double[length];
    if (starts.isEmpty()) {
      return change;
    }
    factor(free).solve(sides);
    for (int row = 0; row < sides.length; row++) {
      for (int i = 0; i < length; i++) {
        change[i] -= free[i] ? rows[starts.get(row) + i] * sides[row] : 0;
      }
    }
    return change;
  }

  /** The factor of {@code A Aᵀ + n λ I} over the entries that are free. */
  private Cholesky factor(boolean[] free) {
    int[] some = IntStream.range(0, length).filter(i -> free[i]).toArray();
    if (2 * some.length <= length) {
      return factor(products(some));
    }
    int[] others = IntStream.range(0, length).filter(i -> !free[i]).toArray();
    SymmetricMatrix without = products(others);
    return factor(
        SymmetricMatrix.of(starts.size(), (a, b) -> products().at(a, b) - without.at(a, b)));
  }

  private Cholesky factor(SymmetricMatrix products) {
    return Cholesky.of(products.plus(damping * starts.size()), Double.MIN_VALUE).orElseThrow();
  }

  /** {@code A Aᵀ}. */
  private SymmetricMatrix products() {
    if (all.isEmpty()) {
      all = Optional.of(products(IntStream.range(0, length).toArray()));
    }
    return all.get();
  }

  private SymmetricMatrix products(int[] entries) {
    return SymmetricMatrix.of(
        starts.size(), (a, b) -> product(starts.get(a), starts.get(b), entries));
  }

  private double product(int a, int b, int[] entries) {
    double sum = 0;
    for (int i : entries) {
      sum += (double) rows[a + i] * rows[b + i];
    }
    return sum;
  }
}
