package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#gather} for four outputs that read the same inputs, by one to four vectors: each
 * vector of inputs is loaded once for all four. As many sums as the registers hold are local
 * variables, since a loop over an array of vectors makes an object of each.
 *
 * <p>Sums start with what {@code out} holds. The weight of output {@code o} and entry {@code k} is
 * {@code values[base + places[placeAt + k - from] + o * rowStep]}.
 */
final class VectorTiles {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;

  /** Vectors of a tile, most first: as many sums as registers hold, of which AVX2 has 16. */
  private static final int[] WIDTHS = L == 16 ? new int[] {4, 2, 1} : new int[] {3, 2, 1};

  /** Inputs of a panel, of four vectors each: 24 kB with vectors of 16 values. */
  private static final int PANEL = 96;

  /** Outputs below which copying inputs takes longer than it saves. */
  private static final int LEAST_ROWS = 96;

  private final CacheLines lines = new CacheLines();
  private final float[] panel = new float[PANEL * WIDTHS[0] * L + CacheLines.FLOATS];
  private int[] inOrder = new int[0];

  /** Returns how many values are done: all whole vectors. */
  int gather(
      Gather pass,
      int first,
      int last,
      boolean isUniform,
      int batch,
      int inAt,
      int outAt,
      int maskAt,
      int count) {
    boolean packs = isUniform && last - first >= LEAST_ROWS;
    int done = 0;
    for (int vectors : WIDTHS) {
      for (; done + vectors * L <= count; done += vectors * L) {
        start(pass, first, last, outAt + done, vectors * L);
        if (packs) {
          packed(pass, first, last, batch, inAt + done, outAt + done, vectors);
        } else {
          for (int o = first; o < last; o += SharedRows.ROWS) {
            int end = pass.starts[o + 1];
            int from = pass.starts[o];
            add(
                pass,
                o,
                0,
                pass.offsets,
                from,
                end,
                batch,
                pass.in,
                inAt + done,
                outAt + done,
                vectors);
          }
        }
        finish(pass, first, last, outAt + done, maskAt + done, vectors * L);
      }
    }
    return done;
  }

  private static void start(Gather pass, int first, int last, int outAt, int count) {
    for (int o = first; !pass.adds && o < last; o++) {
      VectorGather.start(pass, o, outAt + o * pass.outPlane, count);
    }
  }

  private static void finish(Gather pass, int first, int last, int outAt, int maskAt, int count) {
    for (int o = first; o < last; o++) {
      VectorGather.finish(pass, outAt + o * pass.outPlane, maskAt + o * pass.maskPlane, count);
    }
  }

  /** Copies inputs that all tiles read to memory that stays in the first-level cache. */
  private void packed(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int vectors) {
    int from = pass.starts[first];
    int length = pass.starts[first + 1] - from;
    int width = vectors * L;
    int at = lines.start(panel);
    for (int done = 0; done < length; done += PANEL) {
      int count = Math.min(PANEL, length - done);
      for (int k = 0; k < count; k++) {
        copy(pass.in, pass.offsets[from + done + k] * batch + inAt, panel, at + k * width, width);
      }
      int[] inPanel = inOrder(count);
      for (int o = first; o < last; o += SharedRows.ROWS) {
        add(pass, o, done, inPanel, 0, count, width, panel, at, outAt, vectors);
      }
    }
  }

  private static void copy(float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector.fromArray(S, from, at + i).intoArray(to, toAt + i);
    }
  }

  /** Adds entries {@code [from, to)}, the first of which is the {@code entry}-th of each row. */
  private void add(
      Gather pass,
      int o,
      int entry,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      int outAt,
      int vectors) {
    int[] own = pass.places;
    int start = pass.starts[o];
    int[] places = own == null ? inOrder(entry + to - from) : own;
    int placeAt = own == null ? entry : start + entry;
    int base = own == null ? start : 0;
    int step = pass.rowStep(o);
    int plane = pass.outPlane;
    int at = outAt + o * plane;
    float[] values = pass.values;
    float[] out = pass.out;
    switch (vectors) {
      case 4 ->
          four(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      case 3 ->
          three(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      case 2 ->
          two(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      default ->
          one(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
    }
  }

  private int[] inOrder(int count) {
    if (inOrder.length < count) {
      inOrder = IntStream.range(0, count).toArray();
    }
    return inOrder;
  }

  private static void four(
      float[] values,
      int[] places,
      int placeAt,
      int base,
      int rowStep,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      float[] out,
      int outAt,
      int outPlane) {
    int b = outAt + outPlane;
    int c = outAt + 2 * outPlane;
    int d = outAt + 3 * outPlane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector a1 = FloatVector.fromArray(S, out, outAt + L);
    FloatVector a2 = FloatVector.fromArray(S, out, outAt + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, out, outAt + 3 * L);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector b1 = FloatVector.fromArray(S, out, b + L);
    FloatVector b2 = FloatVector.fromArray(S, out, b + 2 * L);
    FloatVector b3 = FloatVector.fromArray(S, out, b + 3 * L);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector c1 = FloatVector.fromArray(S, out, c + L);
    FloatVector c2 = FloatVector.fromArray(S, out, c + 2 * L);
    FloatVector c3 = FloatVector.fromArray(S, out, c + 3 * L);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    FloatVector d1 = FloatVector.fromArray(S, out, d + L);
    FloatVector d2 = FloatVector.fromArray(S, out, d + 2 * L);
    FloatVector d3 = FloatVector.fromArray(S, out, d + 3 * L);
    for (int k = from; k < to; k++) {
      int at = offsets[k] * batch + inAt;
      int place = base + places[placeAt + k - from];
      FloatVector x0 = FloatVector.fromArray(S, in, at);
      FloatVector x1 = FloatVector.fromArray(S, in, at + L);
      FloatVector x2 = FloatVector.fromArray(S, in, at + 2 * L);
      FloatVector x3 = FloatVector.fromArray(S, in, at + 3 * L);
      FloatVector value = FloatVector.broadcast(S, values[place]);
      a0 = x0.fma(value, a0);
      a1 = x1.fma(value, a1);
      a2 = x2.fma(value, a2);
      a3 = x3.fma(value, a3);
      value = FloatVector.broadcast(S, values[place + rowStep]);
      b0 = x0.fma(value, b0);
      b1 = x1.fma(value, b1);
      b2 = x2.fma(value, b2);
      b3 = x3.fma(value, b3);
      value = FloatVector.broadcast(S, values[place + 2 * rowStep]);
      c0 = x0.fma(value, c0);
      c1 = x1.fma(value, c1);
      c2 = x2.fma(value, c2);
      c3 = x3.fma(value, c3);
      value = FloatVector.broadcast(S, values[place + 3 * rowStep]);
      d0 = x0.fma(value, d0);
      d1 = x1.fma(value, d1);
      d2 = x2.fma(value, d2);
      d3 = x3.fma(value, d3);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + L);
    a2.intoArray(out, outAt + 2 * L);
    a3.intoArray(out, outAt + 3 * L);
    b0.intoArray(out, b);
    b1.intoArray(out, b + L);
    b2.intoArray(out, b + 2 * L);
    b3.intoArray(out, b + 3 * L);
    c0.intoArray(out, c);
    c1.intoArray(out, c + L);
    c2.intoArray(out, c + 2 * L);
    c3.intoArray(out, c + 3 * L);
    d0.intoArray(out, d);
    d1.intoArray(out, d + L);
    d2.intoArray(out, d + 2 * L);
    d3.intoArray(out, d + 3 * L);
  }

  private static void three(
      float[] values,
      int[] places,
      int placeAt,
      int base,
      int rowStep,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      float[] out,
      int outAt,
      int outPlane) {
    int b = outAt + outPlane;
    int c = outAt + 2 * outPlane;
    int d = outAt + 3 * outPlane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector a1 = FloatVector.fromArray(S, out, outAt + L);
    FloatVector a2 = FloatVector.fromArray(S, out, outAt + 2 * L);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector b1 = FloatVector.fromArray(S, out, b + L);
    FloatVector b2 = FloatVector.fromArray(S, out, b + 2 * L);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector c1 = FloatVector.fromArray(S, out, c + L);
    FloatVector c2 = FloatVector.fromArray(S, out, c + 2 * L);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    FloatVector d1 = FloatVector.fromArray(S, out, d + L);
    FloatVector d2 = FloatVector.fromArray(S, out, d + 2 * L);
    for (int k = from; k < to; k++) {
      int at = offsets[k] * batch + inAt;
      int place = base + places[placeAt + k - from];
      FloatVector x0 = FloatVector.fromArray(S, in, at);
      FloatVector x1 = FloatVector.fromArray(S, in, at + L);
      FloatVector x2 = FloatVector.fromArray(S, in, at + 2 * L);
      FloatVector value = FloatVector.broadcast(S, values[place]);
      a0 = x0.fma(value, a0);
      a1 = x1.fma(value, a1);
      a2 = x2.fma(value, a2);
      value = FloatVector.broadcast(S, values[place + rowStep]);
      b0 = x0.fma(value, b0);
      b1 = x1.fma(value, b1);
      b2 = x2.fma(value, b2);
      value = FloatVector.broadcast(S, values[place + 2 * rowStep]);
      c0 = x0.fma(value, c0);
      c1 = x1.fma(value, c1);
      c2 = x2.fma(value, c2);
      value = FloatVector.broadcast(S, values[place + 3 * rowStep]);
      d0 = x0.fma(value, d0);
      d1 = x1.fma(value, d1);
      d2 = x2.fma(value, d2);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + L);
    a2.intoArray(out, outAt + 2 * L);
    b0.intoArray(out, b);
    b1.intoArray(out, b + L);
    b2.intoArray(out, b + 2 * L);
    c0.intoArray(out, c);
    c1.intoArray(out, c + L);
    c2.intoArray(out, c + 2 * L);
    d0.intoArray(out, d);
    d1.intoArray(out, d + L);
    d2.intoArray(out, d + 2 * L);
  }

  private static void two(
      float[] values,
      int[] places,
      int placeAt,
      int base,
      int rowStep,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      float[] out,
      int outAt,
      int outPlane) {
    int b = outAt + outPlane;
    int c = outAt + 2 * outPlane;
    int d = outAt + 3 * outPlane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector a1 = FloatVector.fromArray(S, out, outAt + L);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector b1 = FloatVector.fromArray(S, out, b + L);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector c1 = FloatVector.fromArray(S, out, c + L);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    FloatVector d1 = FloatVector.fromArray(S, out, d + L);
    for (int k = from; k < to; k++) {
      int at = offsets[k] * batch + inAt;
      int place = base + places[placeAt + k - from];
      FloatVector x0 = FloatVector.fromArray(S, in, at);
      FloatVector x1 = FloatVector.fromArray(S, in, at + L);
      FloatVector value = FloatVector.broadcast(S, values[place]);
      a0 = x0.fma(value, a0);
      a1 = x1.fma(value, a1);
      value = FloatVector.broadcast(S, values[place + rowStep]);
      b0 = x0.fma(value, b0);
      b1 = x1.fma(value, b1);
      value = FloatVector.broadcast(S, values[place + 2 * rowStep]);
      c0 = x0.fma(value, c0);
      c1 = x1.fma(value, c1);
      value = FloatVector.broadcast(S, values[place + 3 * rowStep]);
      d0 = x0.fma(value, d0);
      d1 = x1.fma(value, d1);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + L);
    b0.intoArray(out, b);
    b1.intoArray(out, b + L);
    c0.intoArray(out, c);
    c1.intoArray(out, c + L);
    d0.intoArray(out, d);
    d1.intoArray(out, d + L);
  }

  private static void one(
      float[] values,
      int[] places,
      int placeAt,
      int base,
      int rowStep,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      float[] out,
      int outAt,
      int outPlane) {
    int b = outAt + outPlane;
    int c = outAt + 2 * outPlane;
    int d = outAt + 3 * outPlane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    for (int k = from; k < to; k++) {
      int at = offsets[k] * batch + inAt;
      int place = base + places[placeAt + k - from];
      FloatVector x0 = FloatVector.fromArray(S, in, at);
      FloatVector value = FloatVector.broadcast(S, values[place]);
      a0 = x0.fma(value, a0);
      value = FloatVector.broadcast(S, values[place + rowStep]);
      b0 = x0.fma(value, b0);
      value = FloatVector.broadcast(S, values[place + 2 * rowStep]);
      c0 = x0.fma(value, c0);
      value = FloatVector.broadcast(S, values[place + 3 * rowStep]);
      d0 = x0.fma(value, d0);
    }
    a0.intoArray(out, outAt);
    b0.intoArray(out, b);
    c0.intoArray(out, c);
    d0.intoArray(out, d);
  }
}
