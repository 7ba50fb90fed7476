package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/** The mean of each channel. */
final class GlobalPooling extends Operation {

  GlobalPooling(Source source, Tensor out) {
    super(List.of(source), out);
  }

  private float share() {
    return 1f / (source().tensor.height * source().tensor.width);
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
      int at = out.at(c, 0, 0, size);
      Arrays.fill(out.values(), at, at + size, 0);
      for (int y = 0; y < in.height; y++) {
        for (int x = 0; x < in.width; x++) {
          part.kernels()
              .rows()
              .copy(in.values(), in.at(c, y, x, size), out.values(), at, size, true);
        }
      }
      part.kernels().rows().multiple(out.values(), at, share(), out.values(), at, size, false);
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
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      int at = out.gradientAt(c, 0, 0, size);
      for (int y = 0; y < in.height; y++) {
        for (int x = 0; x < in.width; x++) {
          part.kernels()
              .rows()
              .multiple(
                  out.gradient(),
                  at,
                  share(),
                  in.gradient(),
                  in.gradientAt(c, y, x, size),
                  size,
                  source.adds);
        }
      }
    }
    source.finish(batch, part);
  }
}
