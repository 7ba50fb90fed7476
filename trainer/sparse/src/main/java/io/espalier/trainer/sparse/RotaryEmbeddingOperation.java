package io.espalier.trainer.sparse;

import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.RotaryTables;
import java.util.List;

/** Turns pairs of features of each head by angles of the position. */
final class RotaryEmbeddingOperation extends Operation {
  private final int headSize;
  private final RotaryTables tables;
  private final Kernels kernels;

  RotaryEmbeddingOperation(Source source, Tensor out, RotaryEmbedding layer, Kernels kernels) {
    super(List.of(source), out);
    headSize = layer.headSize();
    tables = RotaryTables.of(headSize, layer.base(), out.width);
    this.kernels = kernels;
  }

  /** The feature that makes a pair with this one. */
  private int partner(int feature) {
    int half = headSize / 2;
    return feature % headSize < half ? feature + half : feature - half;
  }

  private int table(int feature, int position) {
    return feature % headSize * out.width + position;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      for (int x = 0; x < out.width; x++) {
        int to = out.at(c, 0, x, size);
        float cosine = tables.cosines()[table(c, x)];
        float sine = tables.sines()[table(c, x)];
        int own = in.at(c, 0, x, size);
        int other = in.at(partner(c), 0, x, size);
        kernels.rows().multiple(in.values(), own, cosine, out.values(), to, size, false);
        kernels.rows().multiple(in.values(), other, sine, out.values(), to, size, true);
      }
    }
  }

  /** Turns back: the partner's sine has the other sign. */
  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    if (!source.needed) {
      return;
    }
    Tensor in = source.tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      for (int x = 0; x < out.width; x++) {
        int to = in.gradientAt(c, 0, x, size);
        float cosine = tables.cosines()[table(c, x)];
        float sine = tables.sines()[table(partner(c), x)];
        int own = out.gradientAt(c, 0, x, size);
        int other = out.gradientAt(partner(c), 0, x, size);
        kernels.rows().multiple(out.gradient(), own, cosine, in.gradient(), to, size, source.adds);
        kernels.rows().multiple(out.gradient(), other, sine, in.gradient(), to, size, true);
      }
    }
    source.finish(batch, part);
  }
}
