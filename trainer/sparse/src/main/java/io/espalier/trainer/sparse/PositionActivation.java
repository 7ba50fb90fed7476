package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Activation;
import java.util.List;

/** GELU or SiLU of each value, in single precision; in networks of sequences. */
final class PositionActivation extends Operation {
  /** Values whose slopes stay in the first cache. */
  private static final int RUN = 1024;

  private final boolean isGelu;

  PositionActivation(Source source, Tensor out, Activation.Function function) {
    super(List.of(source), out);
    isGelu = function == Activation.Function.GELU;
  }

  static boolean computes(Activation.Function function) {
    return function == Activation.Function.GELU || function == Activation.Function.SILU;
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    PositionRows rows = part.kernels().positionRows();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      for (int y = 0; y < out.height; y++) {
        int from = in.at(c, y, 0, size);
        int to = out.at(c, y, 0, size);
        int count = out.width * size;
        if (isGelu) {
          rows.gelu(in.values(), from, out.values(), to, count);
        } else {
          rows.silu(in.values(), from, out.values(), to, count);
        }
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    if (!source().needed) {
      return;
    }
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      for (int y = 0; y < out.height; y++) {
        for (int from = 0; from < out.width * size; from += RUN) {
          backward(part, c, y, size, from, Math.min(RUN, out.width * size - from));
        }
      }
    }
    source().finish(batch, part);
  }

  private void backward(Part part, int c, int y, int size, int from, int count) {
    Tensor in = source().tensor;
    float[] slopes = part.scratch(2 * RUN);
    int at = in.at(c, y, 0, size) + from;
    if (isGelu) {
      part.kernels().positionRows().geluSlopes(in.values(), at, slopes, count);
    } else {
      part.kernels().positionRows().siluSlopes(in.values(), at, slopes, count);
    }
    int gradientAt = out.gradientAt(c, y, 0, size) + from;
    int to = in.gradientAt(c, y, 0, size) + from;
    part.kernels()
        .rows()
        .product(out.gradient(), gradientAt, slopes, 0, in.gradient(), to, count, source().adds);
  }
}
