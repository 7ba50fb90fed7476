package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#dots} of four outputs with four inputs at a time, where outputs share their
 * inputs: each vector is loaded once for four sums. Vectors of fewer than 16 values hold a part of
 * the partial sums each ({@link VectorHalfSums}).
 */
final class VectorTileSums {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int TILE = SharedRows.ROWS;

  /** Values of a run that the outputs and inputs of a tile keep in the first cache. */
  private static final int PART = 1024;

  /** Outputs that take turns while the part of four inputs is in the cache. */
  private static final int OUTPUTS = 2 * TILE;

  /** Inputs whose partial sums stay in the cache. */
  private static final int INPUTS = 8 * TILE;

  /** Parts of four inputs that lie side by side. */
  private static final int[] PARTS = {0, 1, 2, 3};

  private static final int SUMS = TILE * TILE * PARTIALS;

  private final VectorSums each = new VectorSums();
  private final CacheLines lines = new CacheLines();
  private final float[] partials = new float[OUTPUTS * INPUTS * PARTIALS + CacheLines.FLOATS];
  private final float[] inputs = new float[TILE * PART + CacheLines.FLOATS];
  private final VectorShortSums shortSums = new VectorShortSums();
  private final Kernels.Run run = new Kernels.Run();

  /** Where the partial sums begin. */
  private int start;

  void dots(
      Gather pass,
      int first,
      int last,
      boolean isUniform,
      int batch,
      Kernels.Run in,
      Kernels.Run outGradient,
      int outPlane,
      int segments,
      int length,
      float[] gradient,
      boolean adds) {
    if (segments == 1
        && length <= VectorShortSums.MOST_VALUES
        && last - first >= VectorShortSums.LEAST_OUTPUTS
        && isUniform) {
      shortSums.dots(pass, first, last, batch, in, outGradient, outPlane, length, gradient, adds);
      return;
    }
    if (!adds) {
      Arrays.fill(gradient, pass.starts[first], pass.starts[last], 0);
    }
    int step = isUniform ? OUTPUTS : TILE;
    for (int o = first; o < last; o += step) {
      int tiles = Math.min(step, last - o) / TILE;
      int from = pass.starts[o];
      int to = pass.starts[o + 1];
      int whole = to - (to - from) % TILE;
      int at = outGradient.at + o * outPlane;
      for (int k = from; k < whole; k += INPUTS) {
        int end = Math.min(k + INPUTS, whole);
        start = lines.start(partials);
        Arrays.fill(partials, start, start + (end - k) * tiles * TILE * PARTIALS, 0);
        int joined = joined(outGradient, segments, length);
        for (int s = 0; s < segments; s += joined) {
          int y = at + s * outGradient.step;
          int count = Math.min(joined, segments - s);
          if (count > 1) {
            addJoined(pass, k, end, tiles, batch, in, s, count, outGradient, y, outPlane, length);
          } else {
            addSegment(pass, k, end, tiles, batch, in, s, outGradient, y, outPlane, length);
          }
        }
        fold(gradient, k, end, tiles, to - from);
      }
      for (int row = 0; whole < to && row < tiles * TILE; row++) {
        int shift = row * (to - from);
        run.set(outGradient.values, at + row * outPlane, outGradient.step);
        each.dots(
            pass.offsets, whole + shift, to + shift, batch, in, run, segments, length, gradient);
      }
    }
  }

  /**
   * How many segments are summed as one: those whose gradients lie side by side, in the order and
   * the lanes that they have one by one.
   */
  private static int joined(Kernels.Run outGradient, int segments, int length) {
    boolean areAdjacent = outGradient.step == length && length % PARTIALS == 0;
    return segments > 1 && areAdjacent ? Math.max(1, PART / length) : 1;
  }

  /** Adds a segment to the partial sums of inputs {@code [k, end)} with all outputs. */
  private void addSegment(
      Gather pass,
      int k,
      int end,
      int tiles,
      int batch,
      Kernels.Run in,
      int segment,
      Kernels.Run outGradient,
      int y,
      int outPlane,
      int length) {
    int x = in.at + segment * in.step;
    float[] gradients = outGradient.values;
    for (int done = 0; done < length; done += PART) {
      int count = Math.min(PART, length - done);
      int sums = start;
      for (int i = k; i < end; i += TILE) {
        add(
            tiles,
            in.values,
            pass.offsets,
            i,
            batch,
            x + done,
            gradients,
            y + done,
            outPlane,
            count,
            sums);
        sums += tiles * SUMS;
      }
    }
  }

  /** Adds {@code count} segments, of which the values of inputs are copied side by side first. */
  private void addJoined(
      Gather pass,
      int k,
      int end,
      int tiles,
      int batch,
      Kernels.Run in,
      int segment,
      int count,
      Kernels.Run outGradient,
      int y,
      int outPlane,
      int length) {
    int to = lines.start(inputs);
    float[] gradients = outGradient.values;
    int sums = start;
    for (int i = k; i < end; i += TILE) {
      for (int input = 0; input < TILE; input++) {
        int from = pass.offsets[i + input] * batch + in.at + segment * in.step;
        for (int s = 0; s < count; s++) {
          int copy = to + input * PART + s * length;
          System.arraycopy(in.values, from + s * in.step, inputs, copy, length);
        }
      }
      add(tiles, inputs, PARTS, 0, PART, to, gradients, y, outPlane, count * length, sums);
      sums += tiles * SUMS;
    }
  }

  /** Adds a part of a run to the partial sums of four inputs with all outputs. */
  private void add(
      int tiles,
      float[] x,
      int[] offsets,
      int i,
      int batch,
      int xAt,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      int sums) {
    int in0 = offsets[i] * batch + xAt;
    int in1 = offsets[i + 1] * batch + xAt;
    int in2 = offsets[i + 2] * batch + xAt;
    int in3 = offsets[i + 3] * batch + xAt;
    int to = sums;
    for (int tile = 0; tile < tiles; tile++) {
      int from = yAt + tile * TILE * yPlane;
      if (LANES == PARTIALS) {
        addRun(x, in0, in1, in2, in3, y, from, yPlane, length, partials, to);
      } else {
        VectorHalfSums.addRun(x, offsets, i, batch, xAt, y, from, yPlane, length, partials, to);
      }
      to += SUMS;
    }
  }

  private static void addRun(
      float[] x,
      int in0,
      int in1,
      int in2,
      int in3,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      float[] partials,
      int to) {
    int y1 = yAt + yPlane;
    int y2 = yAt + 2 * yPlane;
    int y3 = yAt + 3 * yPlane;
    FloatVector a0 = FloatVector.fromArray(S, partials, to);
    FloatVector a1 = FloatVector.fromArray(S, partials, to + 16);
    FloatVector a2 = FloatVector.fromArray(S, partials, to + 32);
    FloatVector a3 = FloatVector.fromArray(S, partials, to + 48);
    FloatVector b0 = FloatVector.fromArray(S, partials, to + 64);
    FloatVector b1 = FloatVector.fromArray(S, partials, to + 80);
    FloatVector b2 = FloatVector.fromArray(S, partials, to + 96);
    FloatVector b3 = FloatVector.fromArray(S, partials, to + 112);
    FloatVector c0 = FloatVector.fromArray(S, partials, to + 128);
    FloatVector c1 = FloatVector.fromArray(S, partials, to + 144);
    FloatVector c2 = FloatVector.fromArray(S, partials, to + 160);
    FloatVector c3 = FloatVector.fromArray(S, partials, to + 176);
    FloatVector d0 = FloatVector.fromArray(S, partials, to + 192);
    FloatVector d1 = FloatVector.fromArray(S, partials, to + 208);
    FloatVector d2 = FloatVector.fromArray(S, partials, to + 224);
    FloatVector d3 = FloatVector.fromArray(S, partials, to + 240);
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, in0 + i);
      FloatVector x1 = FloatVector.fromArray(S, x, in1 + i);
      FloatVector x2 = FloatVector.fromArray(S, x, in2 + i);
      FloatVector x3 = FloatVector.fromArray(S, x, in3 + i);
      FloatVector g = FloatVector.fromArray(S, y, yAt + i);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      a2 = x2.fma(g, a2);
      a3 = x3.fma(g, a3);
      g = FloatVector.fromArray(S, y, y1 + i);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      b2 = x2.fma(g, b2);
      b3 = x3.fma(g, b3);
      g = FloatVector.fromArray(S, y, y2 + i);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      c2 = x2.fma(g, c2);
      c3 = x3.fma(g, c3);
      g = FloatVector.fromArray(S, y, y3 + i);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
      d2 = x2.fma(g, d2);
      d3 = x3.fma(g, d3);
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

  /** Adds the sums of all tiles to the gradients of weights, whose rows are {@code row} apart. */
  private void fold(float[] gradient, int k, int end, int tiles, int row) {
    int from = start;
    for (int i = k; i < end; i += TILE) {
      for (int output = 0; output < tiles * TILE; output++) {
        int to = i + output * row;
        for (int input = 0; input < TILE; input++) {
          gradient[to + input] += tree(partials, from);
          from += PARTIALS;
        }
      }
    }
  }

  private static float tree(float[] p, int at) {
    float a = p[at] + p[at + 8];
    float b = p[at + 1] + p[at + 9];
    float c = p[at + 2] + p[at + 10];
    float d = p[at + 3] + p[at + 11];
    float e = p[at + 4] + p[at + 12];
    float f = p[at + 5] + p[at + 13];
    float g = p[at + 6] + p[at + 14];
    float h = p[at + 7] + p[at + 15];
    return ((a + e) + (c + g)) + ((b + f) + (d + h));
  }
}
