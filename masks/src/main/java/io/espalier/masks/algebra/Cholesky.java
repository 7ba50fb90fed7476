package io.espalier.masks.algebra;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** A factorisation of a symmetric positive definite matrix. Not thread-safe. */
public final class Cholesky {
  private final LinearSolverDense<DMatrixRMaj> solver;
  private final int size;

  private Cholesky(LinearSolverDense<DMatrixRMaj> solver, int size) {
    this.solver = solver;
    this.size = size;
  }

  /** Factors a matrix; empty if a pivot is below {@code least}, which is above 0. */
  public static Optional<Cholesky> of(SymmetricMatrix matrix, double least) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(matrix.size());
    if (!solver.setA(matrix.copy())) {
      return Optional.empty();
    }
    CholeskyDecomposition_F64<DMatrixRMaj> factor = solver.getDecomposition();
    DMatrixRMaj triangle = factor.getT(null);
    for (int i = 0; i < matrix.size(); i++) {
      double root = triangle.get(i, i);
      if (!(root * root >= least)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Cholesky(solver, matrix.size()));
  }

  /** Replaces a right-hand side by the solution. */
  public void solve(double[] values) {
    solve(values, 1);
  }

  /** Replaces right-hand sides, row-major {@code [size, columns]}, by the solutions. */
  public void solve(double[] values, int columns) {
    DMatrixRMaj sides = DMatrixRMaj.wrap(size, columns, values);
    DMatrixRMaj solution = new DMatrixRMaj(size, columns);
    solver.solve(sides, solution);
    System.arraycopy(solution.data, 0, values, 0, values.length);
  }

  public SymmetricMatrix inverse() {
    DMatrixRMaj inverse = new DMatrixRMaj(size, size);
    solver.invert(inverse);
    return SymmetricMatrix.holding(inverse);
  }

  /** The factor {@code U} of a matrix {@code UᵀU}, row by row, zeros below its diagonal. */
  public static double[][] upper(SymmetricMatrix matrix) {
    CholeskyDecomposition_F64<DMatrixRMaj> factor =
        DecompositionFactory_DDRM.chol(matrix.size(), false);
    if (!factor.decompose(matrix.copy())) {
      throw new IllegalArgumentException(
          "a matrix must be positive definite: size=" + matrix.size());
    }
    DMatrixRMaj triangle = factor.getT(null);
    double[][] rows = new double[matrix.size()][matrix.size()];
    for (int row = 0; row < rows.length; row++) {
      for (int column = row; column < rows.length; column++) {
        rows[row][column] = triangle.get(row, column);
      }
    }
    return rows;
  }
}
