package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over examples, with 16 partial sums each. Vectors of 4 or 8 values hold the partial sums of
 * one in two halves, {@code i} and {@code i + 8}; one of 16 holds them all.
 */
final class VectorSums {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int HALF = PARTIALS / 2;
  private static final boolean IS_WHOLE = L == PARTIALS;

  /** Weights at a time: eight vectors of sums stay in registers. */
  private static final int WEIGHTS = IS_WHOLE ? 8 : 4;

  /** From the first four of those vectors' values to those of the others. */
  private static final int OTHER_VALUES = IS_WHOLE ? 0 : HALF;

  private static final int OTHER_SUMS = IS_WHOLE ? 4 * PARTIALS : HALF;
  private static final float[] ZEROS = new float[WEIGHTS * PARTIALS];

  private final float[] partials = new float[WEIGHTS * PARTIALS + HALF];
  private final float[] sums = new float[WEIGHTS * HALF + HALF];

  void dots(
      int[] offsets,
      int from,
      int to,
      int batch,
      Kernels.Run in,
      Kernels.Run outGradient,
      int segments,
      int length,
      float[] gradient) {
    float[] x = in.values;
    float[] y = outGradient.values;
    int last = to - 1;
    for (int k = from; k < to; k += WEIGHTS) {
      int a = offsets[k] * batch + in.at;
      int b = offsets[Math.min(k + 1, last)] * batch + in.at;
      int c = offsets[Math.min(k + 2, last)] * batch + in.at;
      int d = offsets[Math.min(k + 3, last)] * batch + in.at;
      if (!IS_WHOLE && segments == 1) {
        for (int half = 0; half < HALF; half += L) {
          four(x, a, b, c, d, y, outGradient.at, length, half, sums);
        }
      } else {
        int e = IS_WHOLE ? offsets[Math.min(k + 4, last)] * batch + in.at : a + HALF;
        int f = IS_WHOLE ? offsets[Math.min(k + 5, last)] * batch + in.at : b + HALF;
        int g = IS_WHOLE ? offsets[Math.min(k + 6, last)] * batch + in.at : c + HALF;
        int h = IS_WHOLE ? offsets[Math.min(k + 7, last)] * batch + in.at : d + HALF;
        for (int s = 0; s < segments; s++) {
          int step = s * in.step;
          int yAt = outGradient.at + s * outGradient.step;
          float[] before = s == 0 ? ZEROS : partials;
          for (int half = 0; half < HALF; half += L) {
            more(
                x, a + step, b + step, c + step, d + step, e + step, f + step, g + step, h + step,
                y, yAt, length, half, before, partials);
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
   * Adds one run to sums that lie in {@code before}, and writes them to {@code partials}; sums stay
   * in registers within a single loop only.
   */
  private static void more(
      float[] in,
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h,
      float[] other,
      int otherAt,
      int length,
      int half,
      float[] before,
      float[] partials) {
    int second = half + OTHER_SUMS;
    FloatVector a0 = FloatVector.fromArray(S, before, half);
    FloatVector b0 = FloatVector.fromArray(S, before, half + PARTIALS);
    FloatVector c0 = FloatVector.fromArray(S, before, half + 2 * PARTIALS);
    FloatVector d0 = FloatVector.fromArray(S, before, half + 3 * PARTIALS);
    FloatVector e0 = FloatVector.fromArray(S, before, second);
    FloatVector f0 = FloatVector.fromArray(S, before, second + PARTIALS);
    FloatVector g0 = FloatVector.fromArray(S, before, second + 2 * PARTIALS);
    FloatVector h0 = FloatVector.fromArray(S, before, second + 3 * PARTIALS);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector low = FloatVector.fromArray(S, other, otherAt + i);
      FloatVector high = FloatVector.fromArray(S, other, otherAt + i + OTHER_VALUES);
      a0 = FloatVector.fromArray(S, in, a + i).fma(low, a0);
      b0 = FloatVector.fromArray(S, in, b + i).fma(low, b0);
      c0 = FloatVector.fromArray(S, in, c + i).fma(low, c0);
      d0 = FloatVector.fromArray(S, in, d + i).fma(low, d0);
      e0 = FloatVector.fromArray(S, in, e + i).fma(high, e0);
      f0 = FloatVector.fromArray(S, in, f + i).fma(high, f0);
      g0 = FloatVector.fromArray(S, in, g + i).fma(high, g0);
      h0 = FloatVector.fromArray(S, in, h + i).fma(high, h0);
    }
    a0.intoArray(partials, half);
    b0.intoArray(partials, half + PARTIALS);
    c0.intoArray(partials, half + 2 * PARTIALS);
    d0.intoArray(partials, half + 3 * PARTIALS);
    e0.intoArray(partials, second);
    f0.intoArray(partials, second + PARTIALS);
    g0.intoArray(partials, second + 2 * PARTIALS);
    h0.intoArray(partials, second + 3 * PARTIALS);
  }

  /** Adds partial sums 8 apart; vectors of 16 write 8 values behind that do not count. */
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

  float sum(Kernels.Run values, int segments, int length) {
    for (int s = 0; s < segments; s++) {
      float[] before = s == 0 ? ZEROS : partials;
      for (int half = 0; half < HALF; half += L) {
        sumRun(values.values, values.at + s * values.step, length, half, before, partials);
      }
    }
    return total();
  }

  private static void sumRun(
      float[] x, int at, int length, int half, float[] before, float[] partials) {
    FloatVector low = FloatVector.fromArray(S, before, half);
    FloatVector high = FloatVector.fromArray(S, before, half + OTHER_SUMS);
    for (int i = half; i < length; i += PARTIALS) {
      low = low.add(FloatVector.fromArray(S, x, at + i));
      if (!IS_WHOLE) {
        high = high.add(FloatVector.fromArray(S, x, at + i + HALF));
      }
    }
    low.intoArray(partials, half);
    high.intoArray(partials, half + OTHER_SUMS);
  }

  float products(Kernels.Run x, float xMean, Kernels.Run y, float yMean, int segments, int length) {
    for (int s = 0; s < segments; s++) {
      int xAt = x.at + s * x.step;
      int yAt = y.at + s * y.step;
      float[] before = s == 0 ? ZEROS : partials;
      for (int half = 0; half < HALF; half += L) {
        productsRun(x.values, xAt, xMean, y.values, yAt, yMean, length, half, before, partials);
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
      float[] before,
      float[] partials) {
    FloatVector low = FloatVector.fromArray(S, before, half);
    FloatVector high = FloatVector.fromArray(S, before, half + OTHER_SUMS);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector lowX = FloatVector.fromArray(S, x, xAt + i).sub(xMean);
      low = lowX.fma(FloatVector.fromArray(S, y, yAt + i).sub(yMean), low);
      if (!IS_WHOLE) {
        FloatVector highX = FloatVector.fromArray(S, x, xAt + i + HALF).sub(xMean);
        high = highX.fma(FloatVector.fromArray(S, y, yAt + i + HALF).sub(yMean), high);
      }
    }
    low.intoArray(partials, half);
    high.intoArray(partials, half + OTHER_SUMS);
  }
}
