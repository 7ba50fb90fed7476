package io.espalier.trainer.sparse;

/** Moves batches between example-major rows and the layout of tensors. */
final class Transposition {
  private static final int BLOCK = 16;

  private Transposition() {}

  /** Fills a tensor from {@code [batch, channels, height, width]}; examples that fill up are 0. */
  static void load(float[] rows, Batch batch, Tensor to) {
    load(rows, batch, to, to.values(), to.cell(0, 0, 0), to.plane(), to.row());
  }

  static void loadGradient(float[] rows, Batch batch, Tensor to) {
    load(
        rows,
        batch,
        to,
        to.gradient(),
        to.gradientCell(0, 0, 0),
        to.gradientPlane(),
        to.gradientRow());
  }

  private static void load(
      float[] rows, Batch batch, Tensor shape, float[] target, int first, int plane, int row) {
    int features = shape.cells();
    for (int from = 0; from < batch.size(); from += BLOCK) {
      int feature = 0;
      for (int c = 0; c < shape.channels; c++) {
        for (int y = 0; y < shape.height; y++) {
          int cell = first + c * plane + y * row;
          for (int x = 0; x < shape.width; x++) {
            block(rows, feature++, features, batch, target, (cell + x) * batch.size(), from);
          }
        }
      }
    }
  }

  /** One feature of at most 16 examples. */
  private static void block(
      float[] rows, int feature, int features, Batch batch, float[] target, int at, int from) {
    int most = Math.min(batch.size(), from + BLOCK);
    int end = Math.min(batch.examples(), most);
    for (int b = from; b < end; b++) {
      target[at + b] = rows[b * features + feature];
    }
    for (int b = end; b < most; b++) {
      target[at + b] = 0;
    }
  }

  /** Writes {@code [batch, channels]} of a vector. */
  static void store(Tensor from, Batch batch, float[] rows) {
    int size = batch.size();
    for (int c = 0; c < from.channels; c++) {
      int at = from.cell(c, 0, 0) * size;
      for (int b = 0; b < batch.examples(); b++) {
        rows[b * from.channels + c] = from.values()[at + b];
      }
    }
  }
}
