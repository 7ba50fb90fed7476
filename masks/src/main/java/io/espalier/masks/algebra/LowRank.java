package io.espalier.masks.algebra;

import java.nio.FloatBuffer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** The largest singular values of a matrix, and their vectors. */
public final class LowRank {
  /** Of shape {@code [rows, rank]}. */
  private final DMatrixRMaj left;

  /** All of them, in descending order. */
  private final double[] singular;

  /** Of shape {@code [rank, columns]}. */
  private final DMatrixRMaj right;

  private LowRank(DMatrixRMaj left, double[] singular, DMatrixRMaj right) {
    this.left = left;
    this.singular = singular;
    this.right = right;
  }

  /**
   * Keeps as few singular values as have a share of the sum of all squares.
   *
   * @param values of the matrix, row-major, from the buffer's first
   * @param energy the share, above 0, at most 1
   */
  public static LowRank of(FloatBuffer values, int rows, int columns, double energy) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int unit = 0; unit < matrix.data.length; unit++) {
      matrix.data[unit] = values.get(unit);
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(rows, columns, true, true, true);
    if (!svd.decompose(matrix)) {
      throw new IllegalStateException(
          "the singular values of a matrix must be found: rows=%d, columns=%d"
              .formatted(rows, columns));
    }
    DMatrixRMaj left = svd.getU(null, false);
    DMatrixRMaj right = svd.getV(null, true);
    double[] found = svd.getSingularValues().clone();
    SingularOps_DDRM.descendingOrder(left, false, found, found.length, right, true);
    int rank = rank(found, energy);
    return new LowRank(
        CommonOps_DDRM.extract(left, 0, rows, 0, rank),
        found,
        CommonOps_DDRM.extract(right, 0, rank, 0, columns));
  }

  /** The fewest first values whose squares have this share of the sum of all; 1 at least. */
  private static int rank(double[] values, double energy) {
    double all = 0;
    for (double value : values) {
      all += value * value;
    }
    double sum = 0;
    int rank = 0;
    while (rank < values.length && (rank == 0 || sum < energy * all)) {
      sum += values[rank] * values[rank];
      rank++;
    }
    return rank;
  }

  /** The product {@code U V^T} of what is kept, row-major. */
  public double[] direction() {
    return product(left);
  }

  /** The nearest matrix of this rank, row-major. */
  public double[] nearest() {
    DMatrixRMaj scaled = left.copy();
    CommonOps_DDRM.multCols(scaled, singular);
    return product(scaled);
  }

  private double[] product(DMatrixRMaj factor) {
    DMatrixRMaj product = new DMatrixRMaj(factor.numRows, right.numCols);
    CommonOps_DDRM.mult(factor, right, product);
    return product.data;
  }
}
