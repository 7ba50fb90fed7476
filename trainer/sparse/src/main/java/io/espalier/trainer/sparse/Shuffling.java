package io.espalier.trainer.sparse;

import java.util.List;

/** Deals out channels: the first of each block, then the second of each. */
final class Shuffling extends Operation {
  private final int groups;

  Shuffling(Source source, Tensor out, int groups) {
    super(List.of(source), out);
    this.groups = groups;
  }

  /** The channel of the output that is this one of the input. */
  private int target(int channel) {
    int block = out.channels / groups;
    return channel % block * groups + channel / block;
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = part.from(in.channels); c < part.to(in.channels); c++) {
      for (int y = 0; y < in.height; y++) {
        int from = in.at(c, y, 0, size);
        int to = out.at(target(c), y, 0, size);
        part.kernels().rows().copy(in.values(), from, out.values(), to, in.width * size, false);
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
    for (int c = part.from(in.channels); c < part.to(in.channels); c++) {
      for (int y = 0; y < in.height; y++) {
        int from = out.gradientAt(target(c), y, 0, size);
        int to = in.gradientAt(c, y, 0, size);
        part.kernels()
            .rows()
            .copy(out.gradient(), from, in.gradient(), to, in.width * size, source.adds);
      }
    }
    source.finish(batch, part);
  }
}
