package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatFunctions} and {@link PolynomialFunctions#single} of whole vectors. Each loop is so
 * small that the compiler keeps its vectors in registers; values between loops stay in the first
 * cache. Counts are multiples of the lanes.
 */
final class VectorFunctions {
  /** Values between loops. */
  static final int PART = 1024;

  private static final VectorSpecies<Float> S = SPECIES;

  private final float[] exponents = new float[2 * PART];
  private final float[] factors = new float[PART];
  private final float[] zeros = new float[2 * PART];

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  /** Sets {@code to} to the exponentials of {@code x − less}. */
  static void exponentials(
      float[] x, int at, float[] less, int lessAt, float[] to, int toAt, int count) {
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
    for (int i = 0; i < count; i += LANES) {
      FloatVector limited =
          FloatVector.fromArray(S, x, at + i)
              .sub(FloatVector.fromArray(S, less, lessAt + i))
              .max(lowest)
              .min(highest);
      FloatVector shifted = limited.fma(log2e, round);
      FloatVector power = shifted.sub(round);
      FloatVector rest = power.fma(low, power.fma(high, limited));
      FloatVector sum =
          rest.fma(seventh, sixth)
              .fma(rest, fifth)
              .fma(rest, fourth)
              .fma(rest, third)
              .fma(rest, second);
      FloatVector value = sum.fma(rest.mul(rest), rest).add(one);
      FloatVector scale =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PolynomialFunctions.MANTISSA_OF_FLOAT)
              .add(PolynomialFunctions.ONE)
              .reinterpretAsFloats();
      value.mul(scale).intoArray(to, toAt + i);
    }
  }

  private void exponentiate(int count) {
    exponentials(exponents, 0, zeros, 0, exponents, 0, count);
  }

  /** The normal distribution of at most {@link #PART} values. */
  private void distribution(float[] x, int at, float[] to, int toAt, int count) {
    errorExponents(x, at, exponents, factors, count);
    exponentiate(count);
    distribution(x, at, exponents, factors, to, toAt, count);
  }

  private static void distribution(
      float[] x, int at, float[] powers, float[] factors, float[] to, int toAt, int count) {
    FloatVector half = all(0.5f);
    FloatVector one = all(1);
    FloatVector zero = all(0);
    for (int i = 0; i < count; i += LANES) {
      FloatVector below =
          FloatVector.fromArray(S, powers, i).mul(FloatVector.fromArray(S, factors, i)).mul(half);
      below
          .blend(
              one.sub(below), FloatVector.fromArray(S, x, at + i).compare(VectorOperators.GT, zero))
          .intoArray(to, toAt + i);
    }
  }

  private static void errorExponents(
      float[] x, int at, float[] exponents, float[] factors, int count) {
    float[] error = FloatFunctions.ERROR;
    FloatVector root = all(FloatFunctions.ROOT_HALF);
    FloatVector half = all(0.5f);
    FloatVector one = all(1);
    FloatVector ninth = all(error[0]);
    FloatVector eighth = all(error[1]);
    FloatVector seventh = all(error[2]);
    FloatVector sixth = all(error[3]);
    FloatVector fifth = all(error[4]);
    FloatVector fourth = all(error[5]);
    FloatVector third = all(error[6]);
    FloatVector second = all(error[7]);
    FloatVector first = all(error[8]);
    FloatVector zeroth = all(error[9]);
    for (int i = 0; i < count; i += LANES) {
      FloatVector z = FloatVector.fromArray(S, x, at + i).abs().mul(root);
      FloatVector t = one.div(z.fma(half, one));
      FloatVector sum =
          ninth
              .fma(t, eighth)
              .fma(t, seventh)
              .fma(t, sixth)
              .fma(t, fifth)
              .fma(t, fourth)
              .fma(t, third)
              .fma(t, second)
              .fma(t, first)
              .fma(t, zeroth);
      z.neg().fma(z, sum).intoArray(exponents, i);
      t.intoArray(factors, i);
    }
  }

  void gelu(float[] x, int at, float[] to, int toAt, int count) {
    for (int from = 0; from < count; from += PART) {
      int part = Math.min(PART, count - from);
      distribution(x, at + from, to, toAt + from, part);
      multiply(x, at + from, to, toAt + from, part);
    }
  }

  private static void multiply(float[] x, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .mul(FloatVector.fromArray(S, to, toAt + i))
          .intoArray(to, toAt + i);
    }
  }

  /** Sets {@code to} to slopes of at most {@link #PART} values. */
  void geluSlopes(float[] x, int at, float[] to, int count) {
    errorExponents(x, at, exponents, factors, count);
    squares(x, at, exponents, count, count);
    exponentiate(2 * count);
    distribution(x, at, exponents, factors, to, 0, count);
    addDensities(x, at, exponents, count, to, count);
  }

  private static void squares(float[] x, int at, float[] to, int toAt, int count) {
    FloatVector half = all(-0.5f);
    for (int i = 0; i < count; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      value.mul(value).mul(half).intoArray(to, toAt + i);
    }
  }

  private static void addDensities(
      float[] x, int at, float[] powers, int powersAt, float[] to, int count) {
    FloatVector density = all(FloatFunctions.DENSITY);
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .fma(
              FloatVector.fromArray(S, powers, powersAt + i).mul(density),
              FloatVector.fromArray(S, to, i))
          .intoArray(to, i);
    }
  }

  private void sigmoid(float[] x, int at, float[] to, int toAt, int count) {
    negate(x, at, exponents, count);
    exponentiate(count);
    sigmoid(exponents, to, toAt, count);
  }

  private static void negate(float[] x, int at, float[] to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(S, x, at + i).neg().intoArray(to, i);
    }
  }

  private static void sigmoid(float[] powers, float[] to, int toAt, int count) {
    FloatVector one = all(1);
    for (int i = 0; i < count; i += LANES) {
      one.div(FloatVector.fromArray(S, powers, i).add(one)).intoArray(to, toAt + i);
    }
  }

  void silu(float[] x, int at, float[] to, int toAt, int count) {
    for (int from = 0; from < count; from += PART) {
      int part = Math.min(PART, count - from);
      sigmoid(x, at + from, to, toAt + from, part);
      multiply(x, at + from, to, toAt + from, part);
    }
  }

  /** Sets {@code to} to slopes of at most {@link #PART} values. */
  void siluSlopes(float[] x, int at, float[] to, int count) {
    sigmoid(x, at, to, 0, count);
    slopes(x, at, to, count);
  }

  private static void slopes(float[] x, int at, float[] to, int count) {
    FloatVector one = all(1);
    for (int i = 0; i < count; i += LANES) {
      FloatVector y = FloatVector.fromArray(S, to, i);
      y.mul(FloatVector.fromArray(S, x, at + i).fma(one.sub(y), one)).intoArray(to, i);
    }
  }
}
