package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Pad;
import java.util.Arrays;
import java.util.List;

/**
 * Copies values of inputs to other places: flatten, concat, pad and the sum of inputs, and the
 * pixels of an image to positions.
 *
 * <p>Each input's cell {@code (c, y, x)} goes to one cell of the output.
 */
final class Copying extends Operation {
  private final Kind kind;
  private final int top;
  private final int left;
  private final float fill;

  private enum Kind {
    FLATTEN,
    POSITIONS,
    CONCAT,
    PAD,
    ADD
  }

  private Copying(List<Source> sources, Tensor out, Kind kind, int top, int left, float fill) {
    super(sources, out);
    this.kind = kind;
    this.top = top;
    this.left = left;
    this.fill = fill;
  }

  static Copying flatten(List<Source> sources, Tensor out) {
    return new Copying(sources, out, Kind.FLATTEN, 0, 0, 0);
  }

  static Copying positions(List<Source> sources, Tensor out) {
    return new Copying(sources, out, Kind.POSITIONS, 0, 0, 0);
  }

  static Copying concat(List<Source> sources, Tensor out) {
    return new Copying(sources, out, Kind.CONCAT, 0, 0, 0);
  }

  static Copying add(List<Source> sources, Tensor out) {
    return new Copying(sources, out, Kind.ADD, 0, 0, 0);
  }

  static Copying pad(List<Source> sources, Tensor out, Pad layer) {
    float fill = layer.lowest() ? Float.NEGATIVE_INFINITY : 0;
    return new Copying(sources, out, Kind.PAD, layer.top(), layer.left(), fill);
  }

  @Override
  boolean takesRelu() {
    return kind == Kind.ADD;
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    if (kind == Kind.PAD) {
      for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
        for (int y = 0; y < out.height; y++) {
          int at = out.at(c, y, 0, size);
          Arrays.fill(out.values(), at, at + out.width * size, fill);
        }
      }
    }
    int channel = 0;
    for (int i = kind == Kind.ADD ? 1 : 0; i < sources.size(); i++) {
      Tensor in = sources.get(i).tensor;
      boolean relu = out.hasRelu() && i == sources.size() - 1;
      for (int c = part.from(in.channels); c < part.to(in.channels); c++) {
        for (int y = 0; y < in.height; y++) {
          int from = in.at(c, y, 0, size);
          int to = at(in, channel, c, y, size);
          int count = in.width * size;
          if (kind == Kind.ADD && i == 1) {
            int firstAt = source().tensor.at(c, y, 0, size);
            part.kernels()
                .rows()
                .sum(source().tensor.values(), firstAt, in.values(), from, out.values(), to, count);
          } else {
            part.kernels()
                .rows()
                .copy(in.values(), from, out.values(), to, count, kind == Kind.ADD);
          }
          if (relu) {
            part.kernels().rows().relu(out.values(), to, count);
          }
        }
      }
      channel += kind == Kind.CONCAT ? in.channels : 0;
    }
  }

  private int at(Tensor in, int channel, int c, int y, int size) {
    return switch (kind) {
      case FLATTEN -> out.at((c * in.height + y) * in.width, 0, 0, size);
      case POSITIONS -> out.at(c, 0, y * in.width, size);
      default -> out.at(channel + c, y + top, left, size);
    };
  }

  private int gradientAt(Tensor in, int channel, int c, int y, int size) {
    return switch (kind) {
      case FLATTEN -> out.gradientAt((c * in.height + y) * in.width, 0, 0, size);
      case POSITIONS -> out.gradientAt(c, 0, y * in.width, size);
      default -> out.gradientAt(channel + c, y + top, left, size);
    };
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    int size = batch.size();
    int channel = 0;
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      Tensor in = source.tensor;
      for (int c = part.from(in.channels); source.needed && c < part.to(in.channels); c++) {
        for (int y = 0; y < in.height; y++) {
          int from = gradientAt(in, channel, c, y, size);
          int to = in.gradientAt(c, y, 0, size);
          part.kernels()
              .rows()
              .copy(out.gradient(), from, in.gradient(), to, in.width * size, source.adds);
        }
      }
      source.finish(batch, part);
      channel += kind == Kind.CONCAT ? in.channels : 0;
    }
  }
}
