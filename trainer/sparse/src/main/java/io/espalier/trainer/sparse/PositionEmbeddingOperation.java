package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/**
 * Learned features of the first positions of a sequence; what it reads, if anything, stands behind
 * them: a class token, or an embedding of all positions.
 */
final class PositionEmbeddingOperation extends Operation {
  private final SparseParameter weight;
  private final int places;
  private final Kernels kernels;
  private final Kernels.Run run = new Kernels.Run();
  private final float[] row;

  PositionEmbeddingOperation(
      List<Source> sources, Tensor out, SparseParameter weight, int places, Kernels kernels) {
    super(sources, out);
    this.weight = weight;
    this.places = places;
    this.kernels = kernels;
    row = new float[places];
  }

  @Override
  List<SparseParameter> parameters() {
    return List.of(weight);
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    float[] target = out.values();
    int unit = weight.mask().nextKept(0);
    int next = 0;
    for (int c = 0; c < out.channels; c++) {
      int at = out.at(c, 0, 0, size);
      Arrays.fill(target, at, at + places * size, 0);
      for (; unit >= 0 && unit < (c + 1) * places; unit = weight.mask().nextKept(unit + 1)) {
        int place = at + (unit - c * places) * size;
        Arrays.fill(target, place, place + size, weight.seen()[next++]);
      }
      if (!sources.isEmpty()) {
        Tensor in = source().tensor;
        int behind = at + places * size;
        int count = in.width * size;
        kernels.rows().copy(in.values(), in.at(c, 0, 0, size), target, behind, count, false);
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    float[] gradient = weight.gradient();
    int unit = weight.mask().nextKept(0);
    int next = 0;
    for (int c = 0; c < out.channels; c++) {
      for (; unit >= 0 && unit < (c + 1) * places; unit = weight.mask().nextKept(unit + 1)) {
        gradient[next++] = sum(batch, c, unit - c * places);
      }
    }
    if (!sources.isEmpty() && source().needed) {
      pass(batch, part, source());
    }
  }

  private float sum(BatchTiles batch, int c, int place) {
    int at = out.gradientAt(c, 0, place, batch.size());
    float sum = 0;
    for (int tile = 0; tile < batch.tiles(); tile++) {
      int length = Math.min(BatchTiles.TILE, batch.size() - batch.start(tile));
      sum += kernels.sum(run.set(out.gradient(), at + batch.start(tile), 0), 1, length);
    }
    return sum;
  }

  private void pass(BatchTiles batch, Part part, Source source) {
    int size = batch.size();
    Tensor in = source.tensor;
    for (int c = 0; c < out.channels; c++) {
      int from = out.gradientAt(c, 0, places, size);
      int to = in.gradientAt(c, 0, 0, size);
      kernels.rows().copy(out.gradient(), from, in.gradient(), to, in.width * size, source.adds);
    }
    source.finish(batch, part);
  }

  @Override
  void readGradients(BatchTiles batch, Part part, GradientObserver reader) {
    for (int c = 0; c < out.channels; c++) {
      for (int place = 0; place < places; place++) {
        row[place] = sum(batch, c, place);
      }
      reader.read(c * places, row);
    }
  }
}
