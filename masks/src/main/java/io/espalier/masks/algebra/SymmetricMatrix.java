package io.espalier.masks.algebra;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** A symmetric matrix of doubles that is filled entry by entry. */
public final class SymmetricMatrix {
  /** Gives the entry at a row and a column that is no smaller. */
  public interface Entries {
    double at(int row, int column);
  }

  private final DMatrixRMaj values;

  private SymmetricMatrix(DMatrixRMaj values) {
    this.values = values;
  }

  public static SymmetricMatrix of(int size, Entries entries) {
    DMatrixRMaj values = new DMatrixRMaj(size, size);
    for (int row = 0; row < size; row++) {
      for (int column = row; column < size; column++) {
        double each = entries.at(row, column);
        values.unsafe_set(row, column, each);
        values.unsafe_set(column, row, each);
      }
    }
    return new SymmetricMatrix(values);
  }

  static SymmetricMatrix holding(DMatrixRMaj values) {
    return new SymmetricMatrix(values);
  }

  public int size() {
    return values.numRows;
  }

  public double at(int row, int column) {
    return values.get(row, column);
  }

  /** A copy of a row. */
  public double[] row(int row) {
    return Arrays.copyOfRange(values.data, row * size(), (row + 1) * size());
  }

  /** Mean of the diagonal. */
  public double scale() {
    double trace = 0;
    for (int i = 0; i < size(); i++) {
      trace += at(i, i);
    }
    return trace / size();
  }

  /** A copy with a term added to the diagonal. */
  public SymmetricMatrix plus(double diagonal) {
    DMatrixRMaj sum = copy();
    for (int i = 0; i < size(); i++) {
      sum.add(i, i, diagonal);
    }
    return new SymmetricMatrix(sum);
  }

  /** The product with a matrix {@code [size, columns]}, row-major. */
  public double[] times(double[] matrix, int columns) {
    DMatrixRMaj product = new DMatrixRMaj(size(), columns);
    CommonOps_DDRM.mult(values, DMatrixRMaj.wrap(size(), columns, matrix), product);
    return product.data;
  }

  DMatrixRMaj copy() {
    return values.copy();
  }
}
