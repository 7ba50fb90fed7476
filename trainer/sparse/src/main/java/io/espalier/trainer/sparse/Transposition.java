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
    int size = batch.size();
    int features = shape.cells();
    int perChannel = shape.height * shape.width;
    for (int from = 0; from < size; from += BLOCK) {
      int end = Math.min(batch.examples(), from + BLOCK);
      for (int feature = 0; feature < features; feature++) {
        int inChannel = feature % perChannel;
        int cell =
            feature / perChannel * plane + inChannel / shape.width * row + inChannel % shape.width;
        int at = (first + cell) * size;
        for (int b = from; b < end; b++) {
          target[at + b] = rows[b * features + feature];
        }
        for (int b = Math.max(from, end); b < Math.min(size, from + BLOCK); b++) {
          target[at + b] = 0;
        }
      }
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
