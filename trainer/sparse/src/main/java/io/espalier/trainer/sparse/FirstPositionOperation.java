package io.espalier.trainer.sparse;

import java.util.List;

/** The features of a sequence's first position. */
final class FirstPositionOperation extends Operation {
  private final Kernels kernels;

  FirstPositionOperation(Source source, Tensor out, Kernels kernels) {
    super(List.of(source), out);
    this.kernels = kernels;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      int from = in.at(c, 0, 0, size);
      kernels.rows().copy(in.values(), from, out.values(), out.at(c, 0, 0, size), size, false);
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    if (!source.needed) {
      return;
    }
    source.begin(batch, part);
    Tensor in = source.tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      int from = out.gradientAt(c, 0, 0, size);
      kernels.rows().add(out.gradient(), from, in.gradient(), in.gradientAt(c, 0, 0, size), size);
    }
    source.finish(batch, part);
  }
}
