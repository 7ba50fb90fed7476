package io.espalier.trainer.sparse;

import io.espalier.trainer.network.ChannelAffine;
import java.util.List;
import java.util.Optional;

/** {@code scale · x + shift} with a trained number per channel each, or one of them. */
final class ChannelScaling extends Operation {
  private final Optional<SparseParameter> scale;
  private final Optional<SparseParameter> shift;
  private final List<SparseParameter> parameters;

  ChannelScaling(Source source, Tensor out, ChannelAffine layer, List<SparseParameter> parameters) {
    super(List.of(source), out);
    this.parameters = List.copyOf(parameters);
    scale = layer.scaled() ? Optional.of(parameters.get(0)) : Optional.empty();
    shift = layer.shifted() ? Optional.of(parameters.get(parameters.size() - 1)) : Optional.empty();
  }

  @Override
  List<SparseParameter> parameters() {
    return parameters;
  }

  private static float at(Optional<SparseParameter> parameter, int channel, float otherwise) {
    return parameter.isPresent() ? parameter.get().seen()[channel] : otherwise;
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
        part.kernels()
            .rows()
            .scaled(
                in.values(),
                in.at(c, y, 0, size),
                0,
                at(scale, c, 1),
                at(shift, c, 0),
                null,
                0,
                false,
                out.values(),
                out.at(c, y, 0, size),
                out.width * size);
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    Tensor in = source.tensor;
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      double sum = 0;
      double products = 0;
      for (int y = 0; y < out.height; y++) {
        int at = out.gradientAt(c, y, 0, size);
        for (int tile = 0; tile < batch.tiles(); tile++) {
          int segments = batch.segments(out.width);
          int length = batch.length(out.width, tile);
          part.run.set(in.values(), in.at(c, y, 0, size) + batch.start(tile), size);
          part.other.set(out.gradient(), at + batch.start(tile), size);
          sum += part.kernels().sum(part.other, segments, length);
          products += part.kernels().products(part.run, 0, part.other, 0, segments, length);
        }
        if (source.needed) {
          int to = in.gradientAt(c, y, 0, size);
          part.kernels()
              .rows()
              .multiple(
                  out.gradient(),
                  at,
                  at(scale, c, 1),
                  in.gradient(),
                  to,
                  out.width * size,
                  source.adds);
        }
      }
      if (scale.isPresent()) {
        scale.get().gradient()[c] = (float) products;
      }
      if (shift.isPresent()) {
        shift.get().gradient()[c] = (float) sum;
      }
    }
    source.finish(batch, part);
  }
}
