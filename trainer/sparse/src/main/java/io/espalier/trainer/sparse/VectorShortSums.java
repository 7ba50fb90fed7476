package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#dots} of outputs that share their inputs, over a run of few values. To add the
 * partial sums of one weight takes longer than to compute them; so inputs are transposed, lanes are
 * inputs, and the partial sums of a vector of weights are added at once.
 */
final class VectorShortSums {
  /** Values of a run up to which this is faster than lanes of examples. */
  static final int MOST_VALUES = 256;

  /** Outputs below which transposing takes too large a share. */
  static final int LEAST_OUTPUTS = 16;

  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int ROWS = SharedRows.ROWS;

  /** Vectors of inputs of a tile: as many sums as registers hold, of which AVX2 has 16. */
  private static final int VECTORS = L == 16 ? 4 : 3;

  /** Inputs of a tile. */
  private static final int INPUTS = VECTORS * L;

  /** From one partial sum of a weight to its next. */
  private static final int SPAN = ROWS * INPUTS;

  private final float[] partials = new float[PARTIALS * SPAN];
  private final float[] rest = new float[L];
  private float[] inputs = new float[0];

  /** Adds to {@code gradient} what {@link Kernels#dots} adds for one segment. */
  void dots(
      Gather pass,
      int first,
      int last,
      int batch,
      Kernels.Run in,
      Kernels.Run outGradient,
      int outPlane,
      int length,
      float[] gradient) {
    int count = pass.starts[first + 1] - pass.starts[first];
    int stride = transpose(pass.offsets, pass.starts[first], count, batch, in, length);
    for (int o = first; o < last; o += ROWS) {
      int y = outGradient.at + o * outPlane;
      for (int k = 0; k < count; k += INPUTS) {
        for (int p = 0; p < PARTIALS; p++) {
          float[] gradients = outGradient.values;
          int x = p * stride + k;
          int to = p * SPAN;
          if (VECTORS == 4) {
            four(inputs, x, stride, gradients, y + p, outPlane, length - p, partials, to);
          } else {
            three(inputs, x, stride, gradients, y + p, outPlane, length - p, partials, to);
          }
        }
        for (int row = 0; row < ROWS; row++) {
          int to = pass.starts[o + row] + k;
          fold(row * INPUTS, gradient, to, Math.min(INPUTS, count - k));
        }
      }
    }
  }

  /**
   * Writes the inputs as {@code [example][input]}; returns how far examples lie apart: an odd count
   * of cache lines, so that they share few places of the caches.
   */
  private int transpose(int[] offsets, int from, int count, int batch, Kernels.Run in, int length) {
    int stride = ((count + INPUTS - 1) / INPUTS * (INPUTS / L) | 1) * L;
    if (inputs.length < length * stride + INPUTS) {
      inputs = new float[length * stride + INPUTS];
    }
    float[] to = inputs;
    for (int k = 0; k < count; k++) {
      int at = offsets[from + k] * batch + in.at;
      for (int i = 0; i < length; i++) {
        to[i * stride + k] = in.values[at + i];
      }
    }
    return stride;
  }

  /** One partial sum of each weight of a tile: every 16th value of the run. */
  private static void four(
      float[] x,
      int xAt,
      int stride,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      float[] partials,
      int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector b2 = FloatVector.zero(S);
    FloatVector b3 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    FloatVector d3 = FloatVector.zero(S);
    int at = xAt;
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, at);
      FloatVector x1 = FloatVector.fromArray(S, x, at + L);
      FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * L);
      FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * L);
      FloatVector g = FloatVector.broadcast(S, y[yAt + i]);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      a2 = x2.fma(g, a2);
      a3 = x3.fma(g, a3);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i]);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      b2 = x2.fma(g, b2);
      b3 = x3.fma(g, b3);
      g = FloatVector.broadcast(S, y[yAt + 2 * yPlane + i]);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      c2 = x2.fma(g, c2);
      c3 = x3.fma(g, c3);
      g = FloatVector.broadcast(S, y[yAt + 3 * yPlane + i]);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
      d2 = x2.fma(g, d2);
      d3 = x3.fma(g, d3);
      at += PARTIALS * stride;
    }
    a0.intoArray(partials, to);
    a1.intoArray(partials, to + 16);
    a2.intoArray(partials, to + 32);
    a3.intoArray(partials, to + 48);
    b0.intoArray(partials, to + 64);
    b1.intoArray(partials, to + 80);
    b2.intoArray(partials, to + 96);
    b3.intoArray(partials, to + 112);
    c0.intoArray(partials, to + 128);
    c1.intoArray(partials, to + 144);
    c2.intoArray(partials, to + 160);
    c3.intoArray(partials, to + 176);
    d0.intoArray(partials, to + 192);
    d1.intoArray(partials, to + 208);
    d2.intoArray(partials, to + 224);
    d3.intoArray(partials, to + 240);
  }

  private static void three(
      float[] x,
      int xAt,
      int stride,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      float[] partials,
      int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector b2 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    int at = xAt;
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, at);
      FloatVector x1 = FloatVector.fromArray(S, x, at + L);
      FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * L);
      FloatVector g = FloatVector.broadcast(S, y[yAt + i]);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      a2 = x2.fma(g, a2);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i]);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      b2 = x2.fma(g, b2);
      g = FloatVector.broadcast(S, y[yAt + 2 * yPlane + i]);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      c2 = x2.fma(g, c2);
      g = FloatVector.broadcast(S, y[yAt + 3 * yPlane + i]);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
      d2 = x2.fma(g, d2);
      at += PARTIALS * stride;
    }
    a0.intoArray(partials, to);
    a1.intoArray(partials, to + L);
    a2.intoArray(partials, to + 2 * L);
    b0.intoArray(partials, to + INPUTS);
    b1.intoArray(partials, to + INPUTS + L);
    b2.intoArray(partials, to + INPUTS + 2 * L);
    c0.intoArray(partials, to + 2 * INPUTS);
    c1.intoArray(partials, to + 2 * INPUTS + L);
    c2.intoArray(partials, to + 2 * INPUTS + 2 * L);
    d0.intoArray(partials, to + 3 * INPUTS);
    d1.intoArray(partials, to + 3 * INPUTS + L);
    d2.intoArray(partials, to + 3 * INPUTS + 2 * L);
  }

  /** Adds the partial sums of the weights of a row, as a tree, to their gradients. */
  private void fold(int from, float[] gradient, int to, int count) {
    int whole = count - count % L;
    for (int i = 0; i < whole; i += L) {
      tree(partials, from + i)
          .add(FloatVector.fromArray(S, gradient, to + i))
          .intoArray(gradient, to + i);
    }
    if (whole < count) {
      tree(partials, from + whole).intoArray(rest, 0);
      for (int i = whole; i < count; i++) {
        gradient[to + i] += rest[i - whole];
      }
    }
  }

  private static FloatVector tree(float[] partials, int at) {
    FloatVector a = eightApart(partials, at).add(eightApart(partials, at + 4 * SPAN));
    FloatVector b = eightApart(partials, at + SPAN).add(eightApart(partials, at + 5 * SPAN));
    FloatVector c = eightApart(partials, at + 2 * SPAN).add(eightApart(partials, at + 6 * SPAN));
    FloatVector d = eightApart(partials, at + 3 * SPAN).add(eightApart(partials, at + 7 * SPAN));
    return a.add(c).add(b.add(d));
  }

  private static FloatVector eightApart(float[] partials, int at) {
    return FloatVector.fromArray(S, partials, at)
        .add(FloatVector.fromArray(S, partials, at + 8 * SPAN));
  }
}
