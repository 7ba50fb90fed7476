package io.espalier.masks.algebra;

/**
 * Least squares with a penalty on magnitudes, {@code ½ βᵀQβ − bᵀβ + λ Σ|β|}, by coordinate descent
 * (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
 * coordinate descent", 2010). {@code Q} is symmetric and positive semidefinite, with {@code b} in
 * its range. Holds the solution, from which the next penalty starts. Not thread-safe.
 */
public final class Lasso {
  private static final int MOST_SWEEPS = 10_000;
  private static final double TOLERANCE = 1e-9;

  private final SymmetricMatrix products;
  private final double[] solution;

  /** {@code b − Qβ}. */
  private final double[] residual;

  private final double scale;

  /** The solution of an infinite penalty: 0. */
  public Lasso(SymmetricMatrix products, double[] target) {
    this.products = products;
    this.solution = new double[target.length];
    this.residual = target.clone();
    this.scale = largestPenalty();
  }

  /** The least penalty under which the present solution, if it is 0, stays so. */
  public double largestPenalty() {
    double largest = 0;
    for (double each : residual) {
      largest = Math.max(largest, Math.abs(each));
    }
    return largest;
  }

  /**
   * Solves for a penalty until no optimality condition is broken by more than 1e-9 of {@link
   * #largestPenalty} at 0; sweeps that hardly move end.
   */
  public double[] solve(double penalty) {
    double moved = Double.POSITIVE_INFINITY;
    for (int sweep = 0; sweep < MOST_SWEEPS && moved > TOLERANCE * scale; sweep++) {
      moved = sweep(penalty);
    }
    return solution.clone();
  }

  /** Returns the largest change of an optimality condition. */
  private double sweep(double penalty) {
    double moved = 0;
    for (int i = 0; i < solution.length; i++) {
      double curvature = products.at(i, i);
      if (curvature > 0) {
        double free = residual[i] + curvature * solution[i];
        double next = Math.signum(free) * Math.max(0, Math.abs(free) - penalty) / curvature;
        double change = next - solution[i];
        if (change != 0) {
          solution[i] = next;
          for (int j = 0; j < residual.length; j++) {
            residual[j] -= change * products.at(i, j);
          }
          moved = Math.max(moved, Math.abs(change) * curvature);
        }
      }
    }
    return moved;
  }
}
