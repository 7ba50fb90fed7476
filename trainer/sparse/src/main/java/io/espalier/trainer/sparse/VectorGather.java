package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#gather}: tiles of outputs that share their inputs, and other outputs one by one,
 * by blocks of eight, four, two vectors or one.
 */
final class VectorGather {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int EIGHT = 8 * L;
  private static final float[] ONES = ones();

  private final float[] tail = new float[L];
  private float[] zeros = new float[EIGHT];
  private final VectorTiles tiles = new VectorTiles();

  private static float[] ones() {
    float[] result = new float[EIGHT];
    Arrays.fill(result, 1);
    return result;
  }

  void gather(Gather pass, int batch, int inAt, int outAt, int maskAt, int count) {
    int[] bounds = pass.shared.bounds();
    int first = 0;
    for (int i = 0; i < bounds.length; i++) {
      int last = bounds[i];
      if (i % 2 == 1) {
        boolean isUniform = pass.shared.isUniform(i);
        int done = tiles.gather(pass, first, last, isUniform, batch, inAt, outAt, maskAt, count);
        rest(pass, first, last, batch, inAt, outAt, maskAt, done, count);
      } else if (first < last) {
        rows(pass, first, last, batch, inAt, outAt, maskAt, count);
      }
      first = last;
    }
  }

  /** Outputs {@code [first, last)}, one by one. */
  private void rows(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt, int count) {
    int done = 0;
    for (; done + EIGHT <= count; done += EIGHT) {
      eight(pass, first, last, batch, inAt + done, outAt + done, maskAt + done);
    }
    for (; done + 4 * L <= count; done += 4 * L) {
      four(pass, first, last, batch, inAt + done, outAt + done, maskAt + done);
    }
    for (; done + 2 * L <= count; done += 2 * L) {
      two(pass, first, last, batch, inAt + done, outAt + done, maskAt + done);
    }
    for (; done + L <= count; done += L) {
      one(pass, first, last, batch, inAt + done, outAt + done, maskAt + done);
    }
    rest(pass, first, last, batch, inAt, outAt, maskAt, done, count);
  }

  private void rest(
      Gather pass,
      int first,
      int last,
      int batch,
      int inAt,
      int outAt,
      int maskAt,
      int done,
      int count) {
    if (done < count) {
      ScalarKernels.block(
          pass, first, last, batch, inAt + done, outAt + done, maskAt + done, count - done, tail);
    }
  }

  private void eight(Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt) {
    float[] mask = pass.mask;
    if (!pass.adds && mask == null) {
      float[] bias = pass.bias == null ? zeros(pass.outputs()) : pass.bias;
      float floor = pass.relu ? 0 : Float.NEGATIVE_INFINITY;
      eight(pass, first, last, batch, inAt, outAt, bias, floor);
      return;
    }
    boolean adds = pass.adds;
    eight(
        pass,
        first,
        last,
        batch,
        inAt,
        outAt,
        adds ? pass.out : zeros(EIGHT),
        adds ? outAt : 0,
        adds ? pass.outPlane : 0,
        mask == null ? ONES : mask,
        mask == null ? 0 : maskAt,
        mask == null ? 0 : pass.maskPlane);
  }

  private float[] zeros(int count) {
    if (zeros.length < count) {
      zeros = new float[count];
    }
    return zeros;
  }

  /** Sums that start with a bias, and are at least {@code floor}. */
  private static void eight(
      Gather pass, int first, int last, int batch, int inAt, int outAt, float[] bias, float floor) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    for (int o = first; o < last; o++) {
      FloatVector a = FloatVector.broadcast(S, bias[o]);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      FloatVector e = a;
      FloatVector f = a;
      FloatVector g = a;
      FloatVector h = a;
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k] * batch + inAt;
        a = FloatVector.fromArray(S, in, at).fma(value, a);
        b = FloatVector.fromArray(S, in, at + L).fma(value, b);
        c = FloatVector.fromArray(S, in, at + 2 * L).fma(value, c);
        d = FloatVector.fromArray(S, in, at + 3 * L).fma(value, d);
        e = FloatVector.fromArray(S, in, at + 4 * L).fma(value, e);
        f = FloatVector.fromArray(S, in, at + 5 * L).fma(value, f);
        g = FloatVector.fromArray(S, in, at + 6 * L).fma(value, g);
        h = FloatVector.fromArray(S, in, at + 7 * L).fma(value, h);
      }
      int to = outAt + o * pass.outPlane;
      a.max(floor).intoArray(out, to);
      b.max(floor).intoArray(out, to + L);
      c.max(floor).intoArray(out, to + 2 * L);
      d.max(floor).intoArray(out, to + 3 * L);
      e.max(floor).intoArray(out, to + 4 * L);
      f.max(floor).intoArray(out, to + 5 * L);
      g.max(floor).intoArray(out, to + 6 * L);
      h.max(floor).intoArray(out, to + 7 * L);
    }
  }

  /** Sums that start with values of {@code from}, and are 0 where {@code by} is not above 0. */
  private static void eight(
      Gather pass,
      int first,
      int last,
      int batch,
      int inAt,
      int outAt,
      float[] from,
      int fromAt,
      int fromPlane,
      float[] by,
      int byAt,
      int byPlane) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    FloatVector zero = FloatVector.zero(S);
    for (int o = first; o < last; o++) {
      int start = fromAt + o * fromPlane;
      FloatVector a = FloatVector.fromArray(S, from, start);
      FloatVector b = FloatVector.fromArray(S, from, start + L);
      FloatVector c = FloatVector.fromArray(S, from, start + 2 * L);
      FloatVector d = FloatVector.fromArray(S, from, start + 3 * L);
      FloatVector e = FloatVector.fromArray(S, from, start + 4 * L);
      FloatVector f = FloatVector.fromArray(S, from, start + 5 * L);
      FloatVector g = FloatVector.fromArray(S, from, start + 6 * L);
      FloatVector h = FloatVector.fromArray(S, from, start + 7 * L);
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k] * batch + inAt;
        a = FloatVector.fromArray(S, in, at).fma(value, a);
        b = FloatVector.fromArray(S, in, at + L).fma(value, b);
        c = FloatVector.fromArray(S, in, at + 2 * L).fma(value, c);
        d = FloatVector.fromArray(S, in, at + 3 * L).fma(value, d);
        e = FloatVector.fromArray(S, in, at + 4 * L).fma(value, e);
        f = FloatVector.fromArray(S, in, at + 5 * L).fma(value, f);
        g = FloatVector.fromArray(S, in, at + 6 * L).fma(value, g);
        h = FloatVector.fromArray(S, in, at + 7 * L).fma(value, h);
      }
      int to = outAt + o * pass.outPlane;
      int mask = byAt + o * byPlane;
      zero.blend(a, FloatVector.fromArray(S, by, mask).compare(VectorOperators.GT, zero))
          .intoArray(out, to);
      zero.blend(b, FloatVector.fromArray(S, by, mask + L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + L);
      zero.blend(c, FloatVector.fromArray(S, by, mask + 2 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 2 * L);
      zero.blend(d, FloatVector.fromArray(S, by, mask + 3 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 3 * L);
      zero.blend(e, FloatVector.fromArray(S, by, mask + 4 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 4 * L);
      zero.blend(f, FloatVector.fromArray(S, by, mask + 5 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 5 * L);
      zero.blend(g, FloatVector.fromArray(S, by, mask + 6 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 6 * L);
      zero.blend(h, FloatVector.fromArray(S, by, mask + 7 * L).compare(VectorOperators.GT, zero))
          .intoArray(out, to + 7 * L);
    }
  }

  private static void four(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    for (int o = first; o < last; o++) {
      int to = outAt + o * pass.outPlane;
      start(pass, o, to, 4 * L);
      FloatVector a = FloatVector.fromArray(S, out, to);
      FloatVector b = FloatVector.fromArray(S, out, to + L);
      FloatVector c = FloatVector.fromArray(S, out, to + 2 * L);
      FloatVector d = FloatVector.fromArray(S, out, to + 3 * L);
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k] * batch + inAt;
        a = FloatVector.fromArray(S, in, at).fma(value, a);
        b = FloatVector.fromArray(S, in, at + L).fma(value, b);
        c = FloatVector.fromArray(S, in, at + 2 * L).fma(value, c);
        d = FloatVector.fromArray(S, in, at + 3 * L).fma(value, d);
      }
      a.intoArray(out, to);
      b.intoArray(out, to + L);
      c.intoArray(out, to + 2 * L);
      d.intoArray(out, to + 3 * L);
      finish(pass, to, maskAt + o * pass.maskPlane, 4 * L);
    }
  }

  private static void two(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    for (int o = first; o < last; o++) {
      int to = outAt + o * pass.outPlane;
      start(pass, o, to, 2 * L);
      FloatVector a = FloatVector.fromArray(S, out, to);
      FloatVector b = FloatVector.fromArray(S, out, to + L);
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k] * batch + inAt;
        a = FloatVector.fromArray(S, in, at).fma(value, a);
        b = FloatVector.fromArray(S, in, at + L).fma(value, b);
      }
      a.intoArray(out, to);
      b.intoArray(out, to + L);
      finish(pass, to, maskAt + o * pass.maskPlane, 2 * L);
    }
  }

  private static void one(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    for (int o = first; o < last; o++) {
      int to = outAt + o * pass.outPlane;
      start(pass, o, to, L);
      FloatVector a = FloatVector.fromArray(S, out, to);
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k] * batch + inAt;
        a = FloatVector.fromArray(S, in, at).fma(value, a);
      }
      a.intoArray(out, to);
      finish(pass, to, maskAt + o * pass.maskPlane, L);
    }
  }

  static void start(Gather pass, int output, int at, int count) {
    if (!pass.adds) {
      float value = pass.bias == null ? 0 : pass.bias[output];
      Arrays.fill(pass.out, at, at + count, value);
    }
  }

  /** The stored results are still in the first cache. */
  static void finish(Gather pass, int at, int maskAt, int count) {
    float[] out = pass.out;
    if (pass.relu) {
      for (int i = 0; i < count; i += L) {
        FloatVector.fromArray(S, out, at + i).max(0).intoArray(out, at + i);
      }
    }
    if (pass.mask != null) {
      positive(out, at, pass.mask, maskAt, count);
    }
  }

  /** Sets {@code count} values, a multiple of the lanes, to 0 where the mask is not above 0. */
  static void positive(float[] target, int at, float[] mask, int maskAt, int count) {
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < count; i += L) {
      FloatVector by = FloatVector.fromArray(S, mask, maskAt + i);
      zero.blend(FloatVector.fromArray(S, target, at + i), by.compare(VectorOperators.GT, zero))
          .intoArray(target, at + i);
    }
  }
}
