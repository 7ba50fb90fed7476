package io.espalier.trainer.sparse;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Kernels on the Vector API. Four lanes or eight; wider machines use eight, as twice as many gain
 * little. {@link KernelChoice} makes it, by its name, only where the module is there.
 */
final class VectorKernels implements Kernels {
  private static final int L = Math.min(8, KernelChoice.lanes(widest()));
  private static final VectorSpecies<Float> S =
      L == 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
  private static final int EIGHT = 8 * L;
  private static final int HALF = PARTIALS / 2;
  private static final int WEIGHTS = 4;
  private static final float[] ONES = ones();
  private static final int PLACES = 8;

  private final float[] partials = new float[WEIGHTS * PARTIALS];
  private final float[] sums = new float[WEIGHTS * HALF];
  private final float[] tail = new float[2 * L];
  private final float[] place = new float[EIGHT];
  private float[] zeros = new float[EIGHT];
  private int[] inPlaces = new int[0];
  private int[] outPlaces = new int[0];

  private static float[] ones() {
    float[] result = new float[EIGHT];
    Arrays.fill(result, 1);
    return result;
  }

  private static int widest() {
    return FloatVector.SPECIES_PREFERRED.length();
  }

  @Override
  public String description() {
    return "SIMD of " + 32 * L + " bits";
  }

  @Override
  public void gather(Gather pass, int batch, int inAt, int outAt, int maskAt, int count) {
    int done = 0;
    for (; done + EIGHT <= count; done += EIGHT) {
      eight(pass, batch, inAt + done, outAt + done, maskAt + done);
    }
    for (; done + 2 * L <= count; done += 2 * L) {
      two(pass, batch, inAt + done, outAt + done, maskAt + done);
    }
    if (done < count) {
      ScalarKernels.block(
          pass, batch, inAt + done, outAt + done, maskAt + done, count - done, tail);
    }
  }

  private void eight(Gather pass, int batch, int inAt, int outAt, int maskAt) {
    float[] mask = pass.mask;
    if (!pass.adds && mask == null) {
      float[] bias = pass.bias == null ? zeros(pass.outputs()) : pass.bias;
      eight(pass, batch, inAt, outAt, bias, pass.relu ? 0 : Float.NEGATIVE_INFINITY);
      return;
    }
    boolean adds = pass.adds;
    eight(
        pass,
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
      Gather pass, int batch, int inAt, int outAt, float[] bias, float floor) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
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
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
      int first = fromAt + o * fromPlane;
      FloatVector a = FloatVector.fromArray(S, from, first);
      FloatVector b = FloatVector.fromArray(S, from, first + L);
      FloatVector c = FloatVector.fromArray(S, from, first + 2 * L);
      FloatVector d = FloatVector.fromArray(S, from, first + 3 * L);
      FloatVector e = FloatVector.fromArray(S, from, first + 4 * L);
      FloatVector f = FloatVector.fromArray(S, from, first + 5 * L);
      FloatVector g = FloatVector.fromArray(S, from, first + 6 * L);
      FloatVector h = FloatVector.fromArray(S, from, first + 7 * L);
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

  private static void two(Gather pass, int batch, int inAt, int outAt, int maskAt) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    float[] bias = pass.bias;
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
      int to = outAt + o * pass.outPlane;
      if (!pass.adds) {
        start(bias == null ? 0 : bias[o], out, to, 2 * L);
      }
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
      finish(pass, out, to, pass.mask, maskAt + o * pass.maskPlane, 2 * L);
    }
  }

  /** Vectors of eight places at a time; those of one run overlap at its end. */
  @Override
  public void runs(Gather pass, int[] inAt, int[] outAt, int length) {
    int perRun = (length + L - 1) / L;
    int vectors = inAt.length * perRun;
    if (inPlaces.length < vectors) {
      inPlaces = new int[vectors + PLACES];
      outPlaces = new int[vectors + PLACES];
    }
    int last = Math.max(0, length - L);
    for (int run = 0, i = 0; run < inAt.length; run++) {
      for (int v = 0; v < perRun; v++, i++) {
        int from = Math.min(v * L, last);
        inPlaces[i] = inAt[run] + from;
        outPlaces[i] = outAt[run] + from;
      }
    }
    int width = Math.min(L, length);
    for (int done = 0; done < vectors; done += PLACES) {
      int first = Math.max(0, Math.min(done, vectors - PLACES));
      places(pass, first, vectors - 1, width);
    }
  }

  private void places(Gather pass, int first, int last, int width) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] bias = pass.bias;
    float floor = pass.relu ? 0 : Float.NEGATIVE_INFINITY;
    int inA = inPlaces[first];
    int inB = inPlaces[Math.min(first + 1, last)];
    int inC = inPlaces[Math.min(first + 2, last)];
    int inD = inPlaces[Math.min(first + 3, last)];
    int inE = inPlaces[Math.min(first + 4, last)];
    int inF = inPlaces[Math.min(first + 5, last)];
    int inG = inPlaces[Math.min(first + 6, last)];
    int inH = inPlaces[Math.min(first + 7, last)];
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
      FloatVector a = FloatVector.broadcast(S, bias == null ? 0 : bias[o]);
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
        int at = offsets[k];
        a = FloatVector.fromArray(S, in, at + inA).fma(value, a);
        b = FloatVector.fromArray(S, in, at + inB).fma(value, b);
        c = FloatVector.fromArray(S, in, at + inC).fma(value, c);
        d = FloatVector.fromArray(S, in, at + inD).fma(value, d);
        e = FloatVector.fromArray(S, in, at + inE).fma(value, e);
        f = FloatVector.fromArray(S, in, at + inF).fma(value, f);
        g = FloatVector.fromArray(S, in, at + inG).fma(value, g);
        h = FloatVector.fromArray(S, in, at + inH).fma(value, h);
      }
      a.max(floor).intoArray(place, 0);
      b.max(floor).intoArray(place, L);
      c.max(floor).intoArray(place, 2 * L);
      d.max(floor).intoArray(place, 3 * L);
      e.max(floor).intoArray(place, 4 * L);
      f.max(floor).intoArray(place, 5 * L);
      g.max(floor).intoArray(place, 6 * L);
      h.max(floor).intoArray(place, 7 * L);
      int to = o * pass.outPlane;
      for (int i = 0; i < PLACES; i++) {
        int at = to + outPlaces[Math.min(first + i, last)];
        System.arraycopy(place, i * L, pass.out, at, width);
      }
    }
  }

  private static void start(float value, float[] out, int at, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector.broadcast(S, value).intoArray(out, at + i);
    }
  }

  /** The stored results are still in the first cache. */
  private static void finish(
      Gather pass, float[] out, int at, float @Nullable [] mask, int maskAt, int count) {
    if (pass.relu) {
      for (int i = 0; i < count; i += L) {
        FloatVector.fromArray(S, out, at + i).max(0).intoArray(out, at + i);
      }
    }
    if (mask != null) {
      positive(out, at, mask, maskAt, count);
    }
  }

  private static void positive(float[] target, int at, float[] mask, int maskAt, int count) {
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < count; i += L) {
      FloatVector by = FloatVector.fromArray(S, mask, maskAt + i);
      zero.blend(FloatVector.fromArray(S, target, at + i), by.compare(VectorOperators.GT, zero))
          .intoArray(target, at + i);
    }
  }

  @Override
  public void dots(
      int[] offsets,
      int from,
      int to,
      int batch,
      Run in,
      Run outGradient,
      int segments,
      int length,
      float[] gradient) {
    float[] x = in.values;
    float[] y = outGradient.values;
    for (int k = from; k < to; k += WEIGHTS) {
      int last = to - 1;
      int a = offsets[k] * batch + in.at;
      int b = offsets[Math.min(k + 1, last)] * batch + in.at;
      int c = offsets[Math.min(k + 2, last)] * batch + in.at;
      int d = offsets[Math.min(k + 3, last)] * batch + in.at;
      if (segments == 1) {
        for (int half = 0; half < HALF; half += L) {
          four(x, a, b, c, d, y, outGradient.at, length, half, sums);
        }
      } else {
        Arrays.fill(partials, 0);
        for (int s = 0; s < segments; s++) {
          int xStep = s * in.step;
          int yAt = outGradient.at + s * outGradient.step;
          for (int half = 0; half < HALF; half += L) {
            more(x, a + xStep, b + xStep, c + xStep, d + xStep, y, yAt, length, half, partials);
          }
        }
        for (int w = 0; w < WEIGHTS; w++) {
          fold(w * PARTIALS, w * HALF);
        }
      }
      int count = Math.min(WEIGHTS, to - k);
      for (int w = 0; w < count; w++) {
        gradient[k + w] += tree(sums, w * HALF);
      }
    }
  }

  /** Sums {@code half … half + L} of one run for four weights, partial sums 8 apart added. */
  private static void four(
      float[] in,
      int a,
      int b,
      int c,
      int d,
      float[] other,
      int otherAt,
      int length,
      int half,
      float[] sums) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector low = FloatVector.fromArray(S, other, otherAt + i);
      FloatVector high = FloatVector.fromArray(S, other, otherAt + i + HALF);
      a0 = FloatVector.fromArray(S, in, a + i).fma(low, a0);
      a1 = FloatVector.fromArray(S, in, a + i + HALF).fma(high, a1);
      b0 = FloatVector.fromArray(S, in, b + i).fma(low, b0);
      b1 = FloatVector.fromArray(S, in, b + i + HALF).fma(high, b1);
      c0 = FloatVector.fromArray(S, in, c + i).fma(low, c0);
      c1 = FloatVector.fromArray(S, in, c + i + HALF).fma(high, c1);
      d0 = FloatVector.fromArray(S, in, d + i).fma(low, d0);
      d1 = FloatVector.fromArray(S, in, d + i + HALF).fma(high, d1);
    }
    a0.add(a1).intoArray(sums, half);
    b0.add(b1).intoArray(sums, HALF + half);
    c0.add(c1).intoArray(sums, 2 * HALF + half);
    d0.add(d1).intoArray(sums, 3 * HALF + half);
  }

  /**
   * Adds one of several runs to partial sums {@code half … half + L} and those 8 behind; sums stay
   * in registers within a single loop only.
   */
  private static void more(
      float[] in,
      int a,
      int b,
      int c,
      int d,
      float[] other,
      int otherAt,
      int length,
      int half,
      float[] partials) {
    FloatVector a0 = FloatVector.fromArray(S, partials, half);
    FloatVector a1 = FloatVector.fromArray(S, partials, HALF + half);
    FloatVector b0 = FloatVector.fromArray(S, partials, PARTIALS + half);
    FloatVector b1 = FloatVector.fromArray(S, partials, PARTIALS + HALF + half);
    FloatVector c0 = FloatVector.fromArray(S, partials, 2 * PARTIALS + half);
    FloatVector c1 = FloatVector.fromArray(S, partials, 2 * PARTIALS + HALF + half);
    FloatVector d0 = FloatVector.fromArray(S, partials, 3 * PARTIALS + half);
    FloatVector d1 = FloatVector.fromArray(S, partials, 3 * PARTIALS + HALF + half);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector low = FloatVector.fromArray(S, other, otherAt + i);
      FloatVector high = FloatVector.fromArray(S, other, otherAt + i + HALF);
      a0 = FloatVector.fromArray(S, in, a + i).fma(low, a0);
      a1 = FloatVector.fromArray(S, in, a + i + HALF).fma(high, a1);
      b0 = FloatVector.fromArray(S, in, b + i).fma(low, b0);
      b1 = FloatVector.fromArray(S, in, b + i + HALF).fma(high, b1);
      c0 = FloatVector.fromArray(S, in, c + i).fma(low, c0);
      c1 = FloatVector.fromArray(S, in, c + i + HALF).fma(high, c1);
      d0 = FloatVector.fromArray(S, in, d + i).fma(low, d0);
      d1 = FloatVector.fromArray(S, in, d + i + HALF).fma(high, d1);
    }
    a0.intoArray(partials, half);
    a1.intoArray(partials, HALF + half);
    b0.intoArray(partials, PARTIALS + half);
    b1.intoArray(partials, PARTIALS + HALF + half);
    c0.intoArray(partials, 2 * PARTIALS + half);
    c1.intoArray(partials, 2 * PARTIALS + HALF + half);
    d0.intoArray(partials, 3 * PARTIALS + half);
    d1.intoArray(partials, 3 * PARTIALS + HALF + half);
  }

  /** Adds partial sums 8 apart. */
  private void fold(int from, int to) {
    for (int half = 0; half < HALF; half += L) {
      FloatVector.fromArray(S, partials, from + half)
          .add(FloatVector.fromArray(S, partials, from + half + HALF))
          .intoArray(sums, to + half);
    }
  }

  /** The rest of the tree. */
  private static float tree(float[] s, int at) {
    float even = (s[at] + s[at + 4]) + (s[at + 2] + s[at + 6]);
    float odd = (s[at + 1] + s[at + 5]) + (s[at + 3] + s[at + 7]);
    return even + odd;
  }

  private float total() {
    fold(0, 0);
    return tree(sums, 0);
  }

  @Override
  public float sum(Run values, int segments, int length) {
    Arrays.fill(partials, 0, PARTIALS, 0);
    for (int s = 0; s < segments; s++) {
      for (int half = 0; half < HALF; half += L) {
        sumRun(values.values, values.at + s * values.step, length, half, partials);
      }
    }
    return total();
  }

  private static void sumRun(float[] x, int at, int length, int half, float[] partials) {
    FloatVector low = FloatVector.fromArray(S, partials, half);
    FloatVector high = FloatVector.fromArray(S, partials, half + HALF);
    for (int i = half; i < length; i += PARTIALS) {
      low = low.add(FloatVector.fromArray(S, x, at + i));
      high = high.add(FloatVector.fromArray(S, x, at + i + HALF));
    }
    low.intoArray(partials, half);
    high.intoArray(partials, half + HALF);
  }

  @Override
  public float products(Run x, float xMean, Run y, float yMean, int segments, int length) {
    Arrays.fill(partials, 0, PARTIALS, 0);
    for (int s = 0; s < segments; s++) {
      int xAt = x.at + s * x.step;
      int yAt = y.at + s * y.step;
      for (int half = 0; half < HALF; half += L) {
        productsRun(x.values, xAt, xMean, y.values, yAt, yMean, length, half, partials);
      }
    }
    return total();
  }

  private static void productsRun(
      float[] x,
      int xAt,
      float xMean,
      float[] y,
      int yAt,
      float yMean,
      int length,
      int half,
      float[] partials) {
    FloatVector low = FloatVector.fromArray(S, partials, half);
    FloatVector high = FloatVector.fromArray(S, partials, half + HALF);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector lowX = FloatVector.fromArray(S, x, xAt + i).sub(xMean);
      FloatVector highX = FloatVector.fromArray(S, x, xAt + i + HALF).sub(xMean);
      low = lowX.fma(FloatVector.fromArray(S, y, yAt + i).sub(yMean), low);
      high = highX.fma(FloatVector.fromArray(S, y, yAt + i + HALF).sub(yMean), high);
    }
    low.intoArray(partials, half);
    high.intoArray(partials, half + HALF);
  }

  @Override
  public void keepPositive(float[] gradient, int at, float[] output, int outputAt, int count) {
    int whole = count - count % L;
    positive(gradient, at, output, outputAt, whole);
    for (int i = whole; i < count; i++) {
      gradient[at + i] = output[outputAt + i] > 0 ? gradient[at + i] : 0;
    }
  }
}
