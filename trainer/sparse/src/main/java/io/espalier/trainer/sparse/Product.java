package io.espalier.trainer.sparse;

import java.util.List;

/** Product of two inputs of one shape, or of an image and a number per channel. */
final class Product extends Operation {

  Product(List<Source> sources, Tensor out) {
    super(sources, out);
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor first = sources.get(0).tensor;
    Tensor second = sources.get(1).tensor;
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
          part.kernels()
              .rows()
              .product(
                  first.values(),
                  at(first, c, y, x, size),
                  second.values(),
                  at(second, c, y, x, size),
                  out.values(),
                  out.at(c, y, x, size),
                  size,
                  false);
        }
      }
    }
  }

  private static int at(Tensor factor, int c, int y, int x, int size) {
    boolean isOne = factor.height * factor.width == 1;
    return isOne ? factor.at(c, 0, 0, size) : factor.at(c, y, x, size);
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    for (int i = 0; i < 2; i++) {
      Source source = sources.get(i);
      if (source.needed) {
        gradient(source, sources.get(1 - i).tensor, batch, part);
        source.finish(batch, part);
      }
    }
  }

  private void gradient(Source source, Tensor factor, BatchTiles batch, Part part) {
    Tensor in = source.tensor;
    boolean isOne = in.height * in.width == 1;
    int size = batch.size();
    source.begin(batch, part);
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
          int target = isOne ? in.gradientAt(c, 0, 0, size) : in.gradientAt(c, y, x, size);
          part.kernels()
              .rows()
              .product(
                  out.gradient(),
                  out.gradientAt(c, y, x, size),
                  factor.values(),
                  at(factor, c, y, x, size),
                  in.gradient(),
                  target,
                  size,
                  true);
        }
      }
    }
  }
}
