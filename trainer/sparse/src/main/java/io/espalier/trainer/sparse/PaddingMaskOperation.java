package io.espalier.trainer.sparse;

import java.util.List;

/** 1 at tokens, 0 at those that fill a text up. */
final class PaddingMaskOperation extends Operation {
  private final Tensor tokens;
  private final int padding;

  PaddingMaskOperation(Tensor tokens, Tensor out, int padding) {
    super(List.of(), out);
    this.tokens = tokens;
    this.padding = padding;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    int from = tokens.at(0, 0, 0, size);
    int to = out.at(0, 0, 0, size);
    for (int i = 0; i < out.width * size; i++) {
      out.values()[to + i] = tokens.values()[from + i] == padding ? 0 : 1;
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {}
}
