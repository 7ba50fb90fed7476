package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.List;

/** Products of constant matrices, in double. */
final class MatrixFolding {
  private MatrixFolding() {}

  /** The product over the last two axes; those before them are broadcast. */
  static OnnxConstant product(FoldedCall call) {
    OnnxConstant left = call.required(0);
    OnnxConstant right = call.required(1);
    int leftRank = left.dimensions().size();
    int rightRank = right.dimensions().size();
    if (leftRank < 2
        || rightRank < 2
        || !left.dimensions().get(leftRank - 1).equals(right.dimensions().get(rightRank - 2))) {
      throw new GraphException(
          "constants that are multiplied must be matrices of which one has as many columns as the other has rows: shape=%s, other=%s"
              .formatted(left.dimensions(), right.dimensions()));
    }
    int rows = left.dimensions().get(leftRank - 2);
    int inner = left.dimensions().get(leftRank - 1);
    int columns = right.dimensions().get(rightRank - 1);
    List<Integer> leftOuter = left.dimensions().subList(0, leftRank - 2);
    List<Integer> rightOuter = right.dimensions().subList(0, rightRank - 2);
    List<Integer> outer = AxisMapping.broadcast(leftOuter, rightOuter);
    List<Integer> dimensions = new ArrayList<>(outer);
    dimensions.addAll(List.of(rows, columns));
    float[] values = new float[sized(call, dimensions, inner)];
    int[] lefts = AxisMapping.broadcastSources(leftOuter, outer);
    int[] rights = AxisMapping.broadcastSources(rightOuter, outer);
    for (int i = 0; i < values.length; i++) {
      int matrix = i / columns / rows;
      int row = (lefts[matrix] * rows + i / columns % rows) * inner;
      int column = rights[matrix] * inner * columns + i % columns;
      double sum = 0;
      for (int k = 0; k < inner; k++) {
        sum += left.number(row + k) * right.number(column + k * columns);
      }
      values[i] = (float) sum;
    }
    OnnxConstant product = OnnxConstant.ofFloats(dimensions, values);
    return left.isWhole() ? product.wholeNumbers() : product;
  }

  /** Accounts for all products before there is memory for their sums. */
  private static int sized(FoldedCall call, List<Integer> dimensions, int inner) {
    int size = OnnxConstant.size(dimensions);
    call.unfolding().use((long) size * Math.max(1, inner));
    return size;
  }
}
