package io.espalier.trainer.sparse;

import java.util.List;

/** A function of each value. */
final class Elementwise extends Operation {
  private final ValueFunction function;
  private final Kernels kernels;

  Elementwise(Source source, Tensor out, ValueFunction function, Kernels kernels) {
    super(List.of(source), out);
    this.function = function;
    this.kernels = kernels;
  }

  @Override
  void forward(BatchTiles batch, boolean training) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      for (int y = 0; y < out.height; y++) {
        int from = in.at(c, y, 0, size);
        int to = out.at(c, y, 0, size);
        for (int i = 0; i < out.width * size; i++) {
          out.values()[to + i] = function.value(in.values()[from + i]);
        }
      }
    }
  }

  @Override
  void backward(BatchTiles batch) {
    Source source = source();
    if (!source.needed) {
      return;
    }
    Tensor in = source.tensor;
    float[] target = in.gradient();
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      for (int y = 0; y < out.height; y++) {
        int from = in.at(c, y, 0, size);
        int gradientAt = out.gradientAt(c, y, 0, size);
        int to = in.gradientAt(c, y, 0, size);
        for (int i = 0; i < out.width * size; i++) {
          float slope = function.slope(in.values()[from + i]);
          float value = out.gradient()[gradientAt + i] * slope;
          target[to + i] = source.adds ? target[to + i] + value : value;
        }
      }
    }
    source.finish(batch, kernels);
  }
}
