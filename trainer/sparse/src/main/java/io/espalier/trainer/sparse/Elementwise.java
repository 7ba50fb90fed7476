package io.espalier.trainer.sparse;

import java.util.List;

/** A function of each value. */
final class Elementwise extends Operation {
  private final ValueFunction function;

  Elementwise(Source source, Tensor out, ValueFunction function) {
    super(List.of(source), out);
    this.function = function;
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
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
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    if (!source.needed) {
      return;
    }
    Tensor in = source.tensor;
    float[] target = in.gradient();
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
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
    source.finish(batch, part);
  }
}
