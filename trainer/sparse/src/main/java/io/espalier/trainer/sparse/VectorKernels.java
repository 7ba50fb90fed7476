package io.espalier.trainer.sparse;

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

  private final float[] scratch = new float[WEIGHTS * HALF];
  private final float[] tail = new float[2 * L];

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

  private static void eight(Gather pass, int batch, int inAt, int outAt, int maskAt) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] out = pass.out;
    float[] bias = pass.bias;
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
      int to = outAt + o * pass.outPlane;
      FloatVector a;
      FloatVector b;
      FloatVector c;
      FloatVector d;
      FloatVector e;
      FloatVector f;
      FloatVector g;
      FloatVector h;
      if (pass.adds) {
        a = FloatVector.fromArray(S, out, to);
        b = FloatVector.fromArray(S, out, to + L);
        c = FloatVector.fromArray(S, out, to + 2 * L);
        d = FloatVector.fromArray(S, out, to + 3 * L);
        e = FloatVector.fromArray(S, out, to + 4 * L);
        f = FloatVector.fromArray(S, out, to + 5 * L);
        g = FloatVector.fromArray(S, out, to + 6 * L);
        h = FloatVector.fromArray(S, out, to + 7 * L);
      } else {
        a = FloatVector.broadcast(S, bias == null ? 0 : bias[o]);
        b = a;
        c = a;
        d = a;
        e = a;
        f = a;
        g = a;
        h = a;
      }
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
      a.intoArray(out, to);
      b.intoArray(out, to + L);
      c.intoArray(out, to + 2 * L);
      d.intoArray(out, to + 3 * L);
      e.intoArray(out, to + 4 * L);
      f.intoArray(out, to + 5 * L);
      g.intoArray(out, to + 6 * L);
      h.intoArray(out, to + 7 * L);
      finish(pass, out, to, pass.mask, maskAt + o * pass.maskPlane, EIGHT);
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
      FloatVector a;
      FloatVector b;
      if (pass.adds) {
        a = FloatVector.fromArray(S, out, to);
        b = FloatVector.fromArray(S, out, to + L);
      } else {
        a = FloatVector.broadcast(S, bias == null ? 0 : bias[o]);
        b = a;
      }
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
    for (int k = from; k < to; k += WEIGHTS) {
      int last = to - 1;
      int a = offsets[k] * batch + in.at;
      int b = offsets[Math.min(k + 1, last)] * batch + in.at;
      int c = offsets[Math.min(k + 2, last)] * batch + in.at;
      int d = offsets[Math.min(k + 3, last)] * batch + in.at;
      for (int half = 0; half < HALF; half += L) {
        four(in.values, a, b, c, d, in.step, outGradient, segments, length, half, scratch);
      }
      int count = Math.min(WEIGHTS, to - k);
      for (int w = 0; w < count; w++) {
        gradient[k + w] += tree(w * HALF);
      }
    }
  }

  /** Partial sums {@code half … half + L} of four weights, those 8 apart added. */
  private static void four(
      float[] in,
      int a,
      int b,
      int c,
      int d,
      int inStep,
      Run outGradient,
      int segments,
      int length,
      int half,
      float[] scratch) {
    float[] other = outGradient.values;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    for (int s = 0; s < segments; s++) {
      int x = s * inStep;
      int y = outGradient.at + s * outGradient.step;
      for (int i = half; i < length; i += PARTIALS) {
        FloatVector low = FloatVector.fromArray(S, other, y + i);
        FloatVector high = FloatVector.fromArray(S, other, y + i + HALF);
        int at = x + i;
        a0 = FloatVector.fromArray(S, in, a + at).fma(low, a0);
        a1 = FloatVector.fromArray(S, in, a + at + HALF).fma(high, a1);
        b0 = FloatVector.fromArray(S, in, b + at).fma(low, b0);
        b1 = FloatVector.fromArray(S, in, b + at + HALF).fma(high, b1);
        c0 = FloatVector.fromArray(S, in, c + at).fma(low, c0);
        c1 = FloatVector.fromArray(S, in, c + at + HALF).fma(high, c1);
        d0 = FloatVector.fromArray(S, in, d + at).fma(low, d0);
        d1 = FloatVector.fromArray(S, in, d + at + HALF).fma(high, d1);
      }
    }
    a0.add(a1).intoArray(scratch, half);
    b0.add(b1).intoArray(scratch, HALF + half);
    c0.add(c1).intoArray(scratch, 2 * HALF + half);
    d0.add(d1).intoArray(scratch, 3 * HALF + half);
  }

  /** The rest of the tree over eight sums. */
  private float tree(int at) {
    float[] s = scratch;
    float even = (s[at] + s[at + 4]) + (s[at + 2] + s[at + 6]);
    float odd = (s[at + 1] + s[at + 5]) + (s[at + 3] + s[at + 7]);
    return even + odd;
  }

  @Override
  public float sum(Run values, int segments, int length) {
    for (int half = 0; half < HALF; half += L) {
      FloatVector low = FloatVector.zero(S);
      FloatVector high = low;
      for (int s = 0; s < segments; s++) {
        int x = values.at + s * values.step;
        for (int i = half; i < length; i += PARTIALS) {
          low = low.add(FloatVector.fromArray(S, values.values, x + i));
          high = high.add(FloatVector.fromArray(S, values.values, x + i + HALF));
        }
      }
      low.add(high).intoArray(scratch, half);
    }
    return tree(0);
  }

  @Override
  public float products(Run x, float xMean, Run y, float yMean, int segments, int length) {
    for (int half = 0; half < HALF; half += L) {
      FloatVector low = FloatVector.zero(S);
      FloatVector high = low;
      for (int s = 0; s < segments; s++) {
        int xAt = x.at + s * x.step;
        int yAt = y.at + s * y.step;
        for (int i = half; i < length; i += PARTIALS) {
          FloatVector lowX = FloatVector.fromArray(S, x.values, xAt + i).sub(xMean);
          FloatVector highX = FloatVector.fromArray(S, x.values, xAt + i + HALF).sub(xMean);
          low = lowX.fma(FloatVector.fromArray(S, y.values, yAt + i).sub(yMean), low);
          high = highX.fma(FloatVector.fromArray(S, y.values, yAt + i + HALF).sub(yMean), high);
        }
      }
      low.add(high).intoArray(scratch, half);
    }
    return tree(0);
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
