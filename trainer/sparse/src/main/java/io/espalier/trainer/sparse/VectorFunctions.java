package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatFunctions} and {@link PolynomialFunctions#single} of whole vectors, each in several
 * passes over values that stay in the first cache. Counts are multiples of the lanes.
 *
 * <p>A pass is one short loop with its constants before it. The passes are called through an
 * interface of many implementations, so that the compiler makes no one method of them: of long
 * methods it leaves some calls out of line, and makes objects of the vectors that these take.
 */
final class VectorFunctions {
  private static final VectorSpecies<Float> S = SPECIES;

  private static final Pass[] GELU = {
    VectorFunctions::tailExponents,
    VectorFunctions::exponentials,
    VectorFunctions::distribution,
    VectorFunctions::multiply
  };
  private static final Pass[] GELU_SLOPES = {
    VectorFunctions::tailExponents,
    VectorFunctions::exponentials,
    VectorFunctions::distribution,
    VectorFunctions::addDensity
  };
  private static final Pass[] DENSITY = {
    VectorFunctions::densityExponents, VectorFunctions::exponentials
  };
  private static final Pass[] SILU = {
    VectorFunctions::negate, VectorFunctions::exponentials, VectorFunctions::shares
  };
  private static final Pass[] SILU_SLOPES = {
    VectorFunctions::negate, VectorFunctions::exponentials, VectorFunctions::shareSlopes
  };
  private static final Pass[] SOFTMAX = {
    VectorFunctions::subtractLargest, VectorFunctions::exponentials, VectorFunctions::divideBySum
  };

  private VectorFunctions() {}

  /** Sets vectors of {@code to}, each {@code step} values after the one before. */
  private interface Pass {
    void apply(float[] x, int at, float[] to, int toAt, int count, int step);
  }

  private static void apply(
      Pass[] passes, float[] x, int at, float[] to, int toAt, int count, int step) {
    for (Pass pass : passes) {
      pass.apply(x, at, to, toAt, count, step);
    }
  }

  /** The softmax of one vector of each term. */
  static void softmax(float[] values, int at, int count, int step) {
    apply(SOFTMAX, values, at, values, at, count, step);
  }

  static void gelu(float[] x, int at, float[] to, int toAt, int count) {
    apply(GELU, x, at, to, toAt, count, LANES);
  }

  /** Uses as many values of {@code to} again, after those that it sets. */
  static void geluSlopes(float[] x, int at, float[] to, int count) {
    apply(DENSITY, x, at, to, count, count, LANES);
    apply(GELU_SLOPES, x, at, to, 0, count, LANES);
  }

  static void silu(float[] x, int at, float[] to, int toAt, int count) {
    apply(SILU, x, at, to, toAt, count, LANES);
  }

  static void siluSlopes(float[] x, int at, float[] to, int count) {
    apply(SILU_SLOPES, x, at, to, 0, count, LANES);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static void exponentials(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector lowest = all(PolynomialFunctions.LOWEST);
    FloatVector highest = all(PolynomialFunctions.HIGHEST);
    FloatVector round = all(PolynomialFunctions.ROUND);
    FloatVector log2e = all(PolynomialFunctions.LOG2_E_FLOAT);
    FloatVector high = all(-PolynomialFunctions.LN2_HIGH_FLOAT);
    FloatVector low = all(-PolynomialFunctions.LN2_LOW_FLOAT);
    FloatVector seventh = all(PolynomialFunctions.SEVENTH);
    FloatVector sixth = all(PolynomialFunctions.SIXTH);
    FloatVector fifth = all(PolynomialFunctions.FIFTH);
    FloatVector fourth = all(PolynomialFunctions.FOURTH);
    FloatVector third = all(PolynomialFunctions.THIRD);
    FloatVector second = all(PolynomialFunctions.SECOND);
    FloatVector one = all(1);
    for (int i = toAt; i < toAt + count; i += step) {
      FloatVector exponent = FloatVector.fromArray(S, to, i);
      FloatVector above = exponent.blend(lowest, exponent.compare(VectorOperators.LT, lowest));
      FloatVector limited = above.blend(highest, above.compare(VectorOperators.GT, highest));
      FloatVector power = limited.fma(log2e, round);
      FloatVector whole = power.sub(round);
      FloatVector rest = whole.fma(low, whole.fma(high, limited));
      FloatVector sum =
          rest.fma(seventh, sixth)
              .fma(rest, fifth)
              .fma(rest, fourth)
              .fma(rest, third)
              .fma(rest, second);
      FloatVector scale =
          power
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PolynomialFunctions.MANTISSA_OF_FLOAT)
              .add(PolynomialFunctions.ONE)
              .reinterpretAsFloats();
      sum.fma(rest.mul(rest), rest).add(one).mul(scale).intoArray(to, i);
    }
  }

  /** The logarithm of the complementary error function at {@code |x| / √2}, divided by t. */
  private static void tailExponents(float[] x, int at, float[] to, int toAt, int count, int step) {
    float[] error = FloatFunctions.ERROR;
    FloatVector root = all(FloatFunctions.ROOT_HALF);
    FloatVector half = all(0.5f);
    FloatVector one = all(1);
    FloatVector error9 = all(error[0]);
    FloatVector error8 = all(error[1]);
    FloatVector error7 = all(error[2]);
    FloatVector error6 = all(error[3]);
    FloatVector error5 = all(error[4]);
    FloatVector error4 = all(error[5]);
    FloatVector error3 = all(error[6]);
    FloatVector error2 = all(error[7]);
    FloatVector error1 = all(error[8]);
    FloatVector error0 = all(error[9]);
    for (int i = 0; i < count; i += step) {
      FloatVector z = FloatVector.fromArray(S, x, at + i).abs().mul(root);
      FloatVector t = one.div(z.fma(half, one));
      FloatVector errors =
          error9
              .fma(t, error8)
              .fma(t, error7)
              .fma(t, error6)
              .fma(t, error5)
              .fma(t, error4)
              .fma(t, error3)
              .fma(t, error2)
              .fma(t, error1)
              .fma(t, error0);
      z.neg().fma(z, errors).intoArray(to, toAt + i);
    }
  }

  /** Replaces the exponentials of {@link #tailExponents} by the normal distribution. */
  private static void distribution(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector root = all(FloatFunctions.ROOT_HALF);
    FloatVector half = all(0.5f);
    FloatVector one = all(1);
    FloatVector zero = all(0);
    for (int i = 0; i < count; i += step) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector t = one.div(value.abs().mul(root).fma(half, one));
      FloatVector below = FloatVector.fromArray(S, to, toAt + i).mul(t).mul(half);
      FloatVector share = below.blend(one.sub(below), value.compare(VectorOperators.GT, zero));
      share.intoArray(to, toAt + i);
    }
  }

  private static void densityExponents(
      float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector minusHalf = all(-0.5f);
    for (int i = 0; i < count; i += step) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      value.mul(value).mul(minusHalf).intoArray(to, toAt + i);
    }
  }

  /** Adds to each distribution its value times its density, whose exponential stands behind it. */
  private static void addDensity(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector density = all(FloatFunctions.DENSITY);
    for (int i = 0; i < count; i += step) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector ofValue = FloatVector.fromArray(S, to, toAt + count + i).mul(density);
      value.fma(ofValue, FloatVector.fromArray(S, to, toAt + i)).intoArray(to, toAt + i);
    }
  }

  private static void negate(float[] x, int at, float[] to, int toAt, int count, int step) {
    for (int i = 0; i < count; i += step) {
      FloatVector.fromArray(S, x, at + i).neg().intoArray(to, toAt + i);
    }
  }

  private static void multiply(float[] x, int at, float[] to, int toAt, int count, int step) {
    for (int i = 0; i < count; i += step) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      value.mul(FloatVector.fromArray(S, to, toAt + i)).intoArray(to, toAt + i);
    }
  }

  private static void shares(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector one = all(1);
    for (int i = 0; i < count; i += step) {
      FloatVector below = FloatVector.fromArray(S, to, toAt + i).add(one);
      FloatVector.fromArray(S, x, at + i).mul(one.div(below)).intoArray(to, toAt + i);
    }
  }

  private static void shareSlopes(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector one = all(1);
    for (int i = 0; i < count; i += step) {
      FloatVector y = one.div(FloatVector.fromArray(S, to, toAt + i).add(one));
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      y.mul(value.fma(one.sub(y), one)).intoArray(to, toAt + i);
    }
  }

  private static void subtractLargest(
      float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector largest = FloatVector.fromArray(S, x, at);
    for (int i = step; i < count; i += step) {
      largest = FloatVector.fromArray(S, x, at + i).max(largest);
    }
    for (int i = 0; i < count; i += step) {
      FloatVector.fromArray(S, x, at + i).sub(largest).intoArray(to, toAt + i);
    }
  }

  private static void divideBySum(float[] x, int at, float[] to, int toAt, int count, int step) {
    FloatVector sum = all(0);
    for (int i = 0; i < count; i += step) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i));
    }
    FloatVector share = all(1).div(sum);
    for (int i = 0; i < count; i += step) {
      FloatVector.fromArray(S, x, at + i).mul(share).intoArray(to, toAt + i);
    }
  }
}
