package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/** Features of tokens: each row of the weight is spread out once a pass, and read by number. */
final class Embedding extends Operation {
  private final Tensor tokens;
  private final SparseParameter weight;
  private final int count;
  private final int[] numbers;
  private final float[] row;
  private final double[] sums;

  /**
   * @param tokens numbers, which have no gradient
   * @param batch the largest
   */
  Embedding(Tensor tokens, Tensor out, SparseParameter weight, int count, int batch) {
    super(List.of(), out);
    this.tokens = tokens;
    this.weight = weight;
    this.count = count;
    numbers = new int[tokens.width * batch];
    row = new float[count];
    sums = new double[count];
  }

  @Override
  List<SparseParameter> parameters() {
    return List.of(weight);
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    readNumbers(size);
    float[] values = weight.seen();
    int unit = weight.mask().nextKept(0);
    int next = 0;
    for (int c = 0; c < out.channels; c++) {
      Arrays.fill(row, 0);
      for (; unit >= 0 && unit < (c + 1) * count; unit = weight.mask().nextKept(unit + 1)) {
        row[unit - c * count] = values[next++];
      }
      int at = out.at(c, 0, 0, size);
      float[] target = out.values();
      for (int i = 0; i < out.width * size; i++) {
        target[at + i] = row[numbers[i]];
      }
    }
  }

  private void readNumbers(int size) {
    int at = tokens.at(0, 0, 0, size);
    for (int i = 0; i < tokens.width * size; i++) {
      float value = tokens.values()[at + i];
      int number = (int) value;
      if (number < 0 || number >= count || number != value) {
        throw new IllegalArgumentException(
            "a token must be a whole number from 0 to %d: token=%s".formatted(count - 1, value));
      }
      numbers[i] = number;
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    float[] gradient = weight.gradient();
    int unit = weight.mask().nextKept(0);
    int next = 0;
    for (int c = 0; c < out.channels; c++) {
      sumRow(batch, c);
      for (; unit >= 0 && unit < (c + 1) * count; unit = weight.mask().nextKept(unit + 1)) {
        gradient[next++] = (float) sums[unit - c * count];
      }
    }
  }

  private void sumRow(BatchTiles batch, int c) {
    int size = batch.size();
    int at = out.gradientAt(c, 0, 0, size);
    float[] from = out.gradient();
    Arrays.fill(sums, 0);
    for (int i = 0; i < out.width * size; i++) {
      sums[numbers[i]] += from[at + i];
    }
  }

  @Override
  void readGradients(BatchTiles batch, Part part, GradientObserver reader) {
    for (int c = 0; c < out.channels; c++) {
      sumRow(batch, c);
      for (int i = 0; i < count; i++) {
        row[i] = (float) sums[i];
      }
      reader.read(c * count, row);
    }
  }
}
