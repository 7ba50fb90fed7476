package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#dots} of outputs that share their inputs, over a run of few values. To add the
 * partial sums of one weight takes longer than to compute them; so inputs are transposed, lanes are
 * inputs, and the partial sums of a vector of weights are added at once. Two partial sums, 8 apart,
 * are computed together and added in registers.
 */
final class VectorShortSums {
  /** Values of a run up to which this is faster than lanes of examples. */
  static final int MOST_VALUES = 256;

  /** Outputs below which transposing takes too large a share. */
  static final int LEAST_OUTPUTS = 16;

  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int ROWS = SharedRows.ROWS;
  private static final int PAIRS = PARTIALS / 2;

  /** Inputs of a tile. */
  private static final int INPUTS = 2 * L;

  /** Outputs whose sums the registers hold, of which AVX2 has 16. */
  private static final int SIDE_BY_SIDE = L == 8 ? 2 : ROWS;

  /** From one sum of two partial sums of a weight to its next. */
  private static final int SPAN = ROWS * INPUTS;

  private final float[] partials = new float[PAIRS * SPAN + CacheLines.FLOATS];
  private final float[] inputs = new float[MOST_VALUES * INPUTS + CacheLines.FLOATS];
  private final float[] rest = new float[L];
  private final CacheLines lines = new CacheLines();

  /** A sum of what was read ahead, so that compilers keep the reads. */
  private float readAhead;

  /** Computes {@link Kernels#dots} for one segment. */
  void dots(
      Gather pass,
      int first,
      int last,
      int batch,
      Kernels.Run in,
      Kernels.Run outGradient,
      int outPlane,
      int length,
      float[] gradient,
      boolean adds) {
    int count = pass.starts[first + 1] - pass.starts[first];
    int x = lines.start(inputs);
    int sums = lines.start(partials);
    float[] gradients = outGradient.values;
    for (int k = 0; k < count; k += INPUTS) {
      int width = Math.min(INPUTS, count - k);
      transpose(pass.offsets, pass.starts[first] + k, width, batch, in, length, x);
      for (int o = first; o < last; o += ROWS) {
        if (o + ROWS < last) {
          readAhead += read(gradient, pass.starts[o + ROWS] + k, count, width);
        }
        int y = outGradient.at + o * outPlane;
        for (int row = 0; row < ROWS; row += SIDE_BY_SIDE) {
          add(x, gradients, y + row * outPlane, outPlane, length, sums + row * INPUTS);
        }
        for (int row = 0; row < ROWS; row++) {
          fold(sums + row * INPUTS, gradient, pass.starts[o + row] + k, width, adds);
        }
      }
    }
  }

  private void add(int x, float[] gradients, int y, int outPlane, int length, int to) {
    for (int p = 0; p < PAIRS; p++) {
      if (SIDE_BY_SIDE == ROWS) {
        ofFour(inputs, x + p * INPUTS, gradients, y + p, outPlane, length, partials, to + p * SPAN);
      } else {
        ofTwo(inputs, x + p * INPUTS, gradients, y + p, outPlane, length, partials, to + p * SPAN);
      }
    }
  }

  /** Reads the gradients of a tile's weights while the tile before is computed. */
  private static float read(float[] gradient, int at, int row, int width) {
    float sum = 0;
    for (int r = 0; r < ROWS; r++) {
      int from = at + r * row;
      sum += gradient[from] + gradient[from + width / 2] + gradient[from + width - 1];
    }
    return sum;
  }

  /** Writes the inputs of a tile as {@code [example][input]}; those that fill it up are 0. */
  private void transpose(
      int[] offsets, int from, int width, int batch, Kernels.Run in, int length, int to) {
    if (width < INPUTS) {
      Arrays.fill(inputs, to, to + length * INPUTS, 0);
    }
    float[] values = in.values;
    for (int k = 0; k < width; k++) {
      int at = offsets[from + k] * batch + in.at;
      for (int i = 0; i < length; i++) {
        inputs[to + i * INPUTS + k] = values[at + i];
      }
    }
  }

  /** Two partial sums of each weight of 4 outputs, {@link #PAIRS} apart, added. */
  private static void ofFour(
      float[] x, int xAt, float[] y, int yAt, int yPlane, int length, float[] sums, int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector e0 = FloatVector.zero(S);
    FloatVector e1 = FloatVector.zero(S);
    FloatVector f0 = FloatVector.zero(S);
    FloatVector f1 = FloatVector.zero(S);
    FloatVector g0 = FloatVector.zero(S);
    FloatVector g1 = FloatVector.zero(S);
    FloatVector h0 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, xAt + INPUTS * i);
      FloatVector x1 = FloatVector.fromArray(S, x, xAt + INPUTS * i + L);
      FloatVector g = FloatVector.broadcast(S, y[yAt + i]);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i]);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      g = FloatVector.broadcast(S, y[yAt + 2 * yPlane + i]);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      g = FloatVector.broadcast(S, y[yAt + 3 * yPlane + i]);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
      x0 = FloatVector.fromArray(S, x, xAt + INPUTS * i + PAIRS * INPUTS);
      x1 = FloatVector.fromArray(S, x, xAt + INPUTS * i + PAIRS * INPUTS + L);
      g = FloatVector.broadcast(S, y[yAt + i + PAIRS]);
      e0 = x0.fma(g, e0);
      e1 = x1.fma(g, e1);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i + PAIRS]);
      f0 = x0.fma(g, f0);
      f1 = x1.fma(g, f1);
      g = FloatVector.broadcast(S, y[yAt + 2 * yPlane + i + PAIRS]);
      g0 = x0.fma(g, g0);
      g1 = x1.fma(g, g1);
      g = FloatVector.broadcast(S, y[yAt + 3 * yPlane + i + PAIRS]);
      h0 = x0.fma(g, h0);
      h1 = x1.fma(g, h1);
    }
    a0.add(e0).intoArray(sums, to);
    a1.add(e1).intoArray(sums, to + L);
    b0.add(f0).intoArray(sums, to + INPUTS);
    b1.add(f1).intoArray(sums, to + INPUTS + L);
    c0.add(g0).intoArray(sums, to + 2 * INPUTS);
    c1.add(g1).intoArray(sums, to + 2 * INPUTS + L);
    d0.add(h0).intoArray(sums, to + 3 * INPUTS);
    d1.add(h1).intoArray(sums, to + 3 * INPUTS + L);
  }

  /** As {@link #ofFour}, of two outputs. */
  private static void ofTwo(
      float[] x, int xAt, float[] y, int yAt, int yPlane, int length, float[] sums, int to) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, xAt + INPUTS * i);
      FloatVector x1 = FloatVector.fromArray(S, x, xAt + INPUTS * i + L);
      FloatVector g = FloatVector.broadcast(S, y[yAt + i]);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i]);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      x0 = FloatVector.fromArray(S, x, xAt + INPUTS * i + PAIRS * INPUTS);
      x1 = FloatVector.fromArray(S, x, xAt + INPUTS * i + PAIRS * INPUTS + L);
      g = FloatVector.broadcast(S, y[yAt + i + PAIRS]);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      g = FloatVector.broadcast(S, y[yAt + yPlane + i + PAIRS]);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
    }
    a0.add(c0).intoArray(sums, to);
    a1.add(c1).intoArray(sums, to + L);
    b0.add(d0).intoArray(sums, to + INPUTS);
    b1.add(d1).intoArray(sums, to + INPUTS + L);
  }

  /**
   * Adds the partial sums of the weights of a row as a tree: their gradients, or a part of them.
   */
  private void fold(int from, float[] gradient, int to, int count, boolean adds) {
    int whole = count - count % L;
    for (int i = 0; i < whole; i += L) {
      FloatVector sum = tree(partials, from + i);
      if (adds) {
        sum.add(FloatVector.fromArray(S, gradient, to + i)).intoArray(gradient, to + i);
      } else {
        sum.add(0).intoArray(gradient, to + i);
      }
    }
    if (whole < count) {
      tree(partials, from + whole).intoArray(rest, 0);
      for (int i = whole; i < count; i++) {
        gradient[to + i] = (adds ? gradient[to + i] : 0) + rest[i - whole];
      }
    }
  }

  private static FloatVector tree(float[] sums, int at) {
    FloatVector a = fourApart(sums, at);
    FloatVector b = fourApart(sums, at + SPAN);
    FloatVector c = fourApart(sums, at + 2 * SPAN);
    FloatVector d = fourApart(sums, at + 3 * SPAN);
    return a.add(c).add(b.add(d));
  }

  private static FloatVector fourApart(float[] sums, int at) {
    return FloatVector.fromArray(S, sums, at).add(FloatVector.fromArray(S, sums, at + 4 * SPAN));
  }
}
