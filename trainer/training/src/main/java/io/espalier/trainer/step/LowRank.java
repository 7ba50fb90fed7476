package io.espalier.trainer.step;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** The largest singular values of a weight, as a matrix of its outputs, and their vectors. */
final class LowRank {
  /** Of shape {@code [outputs, rank]}. */
  private final DMatrixRMaj left;

  /** All of them, in descending order. */
  private final double[] values;

  /** Of shape {@code [rank, inputs]}. */
  private final DMatrixRMaj right;

  private LowRank(DMatrixRMaj left, double[] values, DMatrixRMaj right) {
    this.left = left;
    this.values = values;
    this.right = right;
  }

  /** Keeps as few singular values as have a share of the sum of all squares. */
  static LowRank of(TrainedParameter parameter, double energy) {
    int outputs = parameter.shape().dimensions().get(0);
    int inputs = parameter.shape().size() / outputs;
    DMatrixRMaj matrix = new DMatrixRMaj(outputs, inputs);
    for (int unit = 0; unit < matrix.data.length; unit++) {
      matrix.data[unit] = parameter.weight().get(unit);
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(outputs, inputs, true, true, true);
    if (!svd.decompose(matrix)) {
      throw new IllegalStateException(
          "singular values must be found: parameter=" + parameter.shape().id());
    }
    DMatrixRMaj left = svd.getU(null, false);
    DMatrixRMaj right = svd.getV(null, true);
    double[] values = svd.getSingularValues().clone();
    SingularOps_DDRM.descendingOrder(left, false, values, values.length, right, true);
    int rank = rank(values, energy);
    return new LowRank(
        CommonOps_DDRM.extract(left, 0, outputs, 0, rank),
        values,
        CommonOps_DDRM.extract(right, 0, rank, 0, inputs));
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
  double[] direction() {
    return product(left);
  }

  /** The nearest matrix of this rank, row-major. */
  double[] nearest() {
    DMatrixRMaj scaled = left.copy();
    CommonOps_DDRM.multCols(scaled, values);
    return product(scaled);
  }

  private double[] product(DMatrixRMaj factor) {
    DMatrixRMaj product = new DMatrixRMaj(factor.numRows, right.numCols);
    CommonOps_DDRM.mult(factor, right, product);
    return product.data;
  }
}
