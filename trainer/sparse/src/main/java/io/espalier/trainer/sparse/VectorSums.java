package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import java.util.Arrays;
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

  /** From the values of a vector to those of the next. */
  private static final int STEP = IS_WHOLE ? PARTIALS : HALF;

  /** From the partial sums of even vectors to those of odd ones. */
  private static final int ODD = IS_WHOLE ? 0 : HALF;

  /** Weights whose partial sums stay in the first-level cache. */
  private static final int WEIGHTS = 64;

  private static final float[] ZEROS = new float[PARTIALS + HALF];

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
    for (int first = from; first < to; first += WEIGHTS) {
      int count = Math.min(WEIGHTS, to - first);
      Arrays.fill(partials, 0, count * PARTIALS, 0);
      for (int s = 0; s < segments; s++) {
        addRun(offsets, first, count, batch, in, outGradient, s, length);
      }
      for (int w = 0; w < count; w++) {
        fold(w * PARTIALS, w * HALF);
      }
      for (int w = 0; w < count; w++) {
        gradient[first + w] += tree(sums, w * HALF);
      }
    }
  }

  /** Adds a run to the partial sums of weights, eight vectors, two or one at a time. */
  private void addRun(
      int[] offsets,
      int first,
      int count,
      int batch,
      Kernels.Run in,
      Kernels.Run outGradient,
      int segment,
      int length) {
    float[] x = in.values;
    float[] y = outGradient.values;
    int xAt = in.at + segment * in.step;
    int yAt = outGradient.at + segment * outGradient.step;
    for (int half = 0; half < HALF; half += L) {
      int i = 0;
      for (; i <= length - 8 * STEP; i += 8 * STEP) {
        eight(offsets, first, count, batch, x, xAt + i, y, yAt + i, half, partials);
      }
      for (; i <= length - 2 * STEP; i += 2 * STEP) {
        two(offsets, first, count, batch, x, xAt + i, y, yAt + i, half, partials);
      }
      if (i < length) {
        one(offsets, first, count, batch, x, xAt + i, y, yAt + i, partials);
      }
    }
  }

  /** Values of {@code y} stay in registers for all weights. */
  private static void eight(
      int[] offsets,
      int first,
      int count,
      int batch,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int half,
      float[] partials) {
    int from = yAt + half;
    FloatVector a = FloatVector.fromArray(S, y, from);
    FloatVector b = FloatVector.fromArray(S, y, from + STEP);
    FloatVector c = FloatVector.fromArray(S, y, from + 2 * STEP);
    FloatVector d = FloatVector.fromArray(S, y, from + 3 * STEP);
    FloatVector e = FloatVector.fromArray(S, y, from + 4 * STEP);
    FloatVector f = FloatVector.fromArray(S, y, from + 5 * STEP);
    FloatVector g = FloatVector.fromArray(S, y, from + 6 * STEP);
    FloatVector h = FloatVector.fromArray(S, y, from + 7 * STEP);
    for (int w = 0; w < count; w++) {
      int at = offsets[first + w] * batch + xAt + half;
      int to = w * PARTIALS + half;
      FloatVector even = FloatVector.fromArray(S, partials, to);
      FloatVector odd = IS_WHOLE ? even : FloatVector.fromArray(S, partials, to + ODD);
      even = FloatVector.fromArray(S, x, at).fma(a, even);
      odd = FloatVector.fromArray(S, x, at + STEP).fma(b, IS_WHOLE ? even : odd);
      even = FloatVector.fromArray(S, x, at + 2 * STEP).fma(c, IS_WHOLE ? odd : even);
      odd = FloatVector.fromArray(S, x, at + 3 * STEP).fma(d, IS_WHOLE ? even : odd);
      even = FloatVector.fromArray(S, x, at + 4 * STEP).fma(e, IS_WHOLE ? odd : even);
      odd = FloatVector.fromArray(S, x, at + 5 * STEP).fma(f, IS_WHOLE ? even : odd);
      even = FloatVector.fromArray(S, x, at + 6 * STEP).fma(g, IS_WHOLE ? odd : even);
      odd = FloatVector.fromArray(S, x, at + 7 * STEP).fma(h, IS_WHOLE ? even : odd);
      if (!IS_WHOLE) {
        even.intoArray(partials, to);
      }
      odd.intoArray(partials, to + ODD);
    }
  }

  private static void two(
      int[] offsets,
      int first,
      int count,
      int batch,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int half,
      float[] partials) {
    FloatVector a = FloatVector.fromArray(S, y, yAt + half);
    FloatVector b = FloatVector.fromArray(S, y, yAt + half + STEP);
    for (int w = 0; w < count; w++) {
      int at = offsets[first + w] * batch + xAt + half;
      int to = w * PARTIALS + half;
      FloatVector even = FloatVector.fromArray(S, partials, to);
      FloatVector odd = IS_WHOLE ? even : FloatVector.fromArray(S, partials, to + ODD);
      even = FloatVector.fromArray(S, x, at).fma(a, even);
      odd = FloatVector.fromArray(S, x, at + STEP).fma(b, IS_WHOLE ? even : odd);
      if (!IS_WHOLE) {
        even.intoArray(partials, to);
      }
      odd.intoArray(partials, to + ODD);
    }
  }

  /** The last of an odd count of vectors, which only those of 16 values leave. */
  private static void one(
      int[] offsets,
      int first,
      int count,
      int batch,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      float[] partials) {
    FloatVector a = FloatVector.fromArray(S, y, yAt);
    for (int w = 0; w < count; w++) {
      int at = offsets[first + w] * batch + xAt;
      FloatVector sum = FloatVector.fromArray(S, partials, w * PARTIALS);
      FloatVector.fromArray(S, x, at).fma(a, sum).intoArray(partials, w * PARTIALS);
    }
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
    FloatVector high = FloatVector.fromArray(S, before, half + ODD);
    for (int i = half; i < length; i += PARTIALS) {
      low = low.add(FloatVector.fromArray(S, x, at + i));
      if (!IS_WHOLE) {
        high = high.add(FloatVector.fromArray(S, x, at + i + HALF));
      }
    }
    low.intoArray(partials, half);
    if (!IS_WHOLE) {
      high.intoArray(partials, half + ODD);
    }
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
    FloatVector high = FloatVector.fromArray(S, before, half + ODD);
    for (int i = half; i < length; i += PARTIALS) {
      FloatVector lowX = FloatVector.fromArray(S, x, xAt + i).sub(xMean);
      low = lowX.fma(FloatVector.fromArray(S, y, yAt + i).sub(yMean), low);
      if (!IS_WHOLE) {
        FloatVector highX = FloatVector.fromArray(S, x, xAt + i + HALF).sub(xMean);
        high = highX.fma(FloatVector.fromArray(S, y, yAt + i + HALF).sub(yMean), high);
      }
    }
    low.intoArray(partials, half);
    if (!IS_WHOLE) {
      high.intoArray(partials, half + ODD);
    }
  }
}
