package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/** The mean of each feature over the positions where a mask is 1; 0 where it is 0 everywhere. */
final class MaskedMean extends Operation {
  private final Kernels kernels;
  private final float[] shares;

  /**
   * @param sources a sequence and its mask
   */
  MaskedMean(List<Source> sources, Tensor out, Kernels kernels, int batch) {
    super(sources, out);
    this.kernels = kernels;
    shares = new float[sources.get(1).tensor.width * batch];
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    share(size);
    Tensor in = source().tensor;
    for (int c = 0; c < out.channels; c++) {
      int to = out.at(c, 0, 0, size);
      Arrays.fill(out.values(), to, to + size, 0);
      for (int x = 0; x < in.width; x++) {
        int from = in.at(c, 0, x, size);
        kernels.rows().product(in.values(), from, shares, x * size, out.values(), to, size, true);
      }
    }
  }

  /** The share of each position in the mean of its example. */
  private void share(int size) {
    Tensor mask = sources.get(1).tensor;
    float[] present = mask.values();
    int at = mask.at(0, 0, 0, size);
    for (int b = 0; b < size; b++) {
      float count = 0;
      for (int x = 0; x < mask.width; x++) {
        count += present[at + x * size + b];
      }
      float share = 1 / Math.max(count, 1);
      for (int x = 0; x < mask.width; x++) {
        shares[x * size + b] = present[at + x * size + b] * share;
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    if (!source.needed) {
      return;
    }
    Tensor in = source.tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      int from = out.gradientAt(c, 0, 0, size);
      for (int x = 0; x < in.width; x++) {
        int to = in.gradientAt(c, 0, x, size);
        float[] target = in.gradient();
        kernels
            .rows()
            .product(out.gradient(), from, shares, x * size, target, to, size, source.adds);
      }
    }
    source.finish(batch, part);
  }
}
