package io.espalier.trainer.offline;

import java.util.function.IntUnaryOperator;

/**
 * Where a file has the values of a parameter: value {@code i} is value {@code index(i)} of a
 * tensor, row-major. No two parameters of a network have a value in common.
 */
record TensorPlace(String tensor, IntUnaryOperator index) {
  static TensorPlace whole(String tensor) {
    return new TensorPlace(tensor, IntUnaryOperator.identity());
  }
}
