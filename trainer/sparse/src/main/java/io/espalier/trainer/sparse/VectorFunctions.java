package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatFunctions} and {@link PolynomialFunctions#single} of whole vectors. Each loop is
 * written out, with its constants before it, so that the compiler keeps all vectors in registers:
 * of loops that share methods, or of several in one method, it makes objects. Counts are multiples
 * of the lanes.
 */
final class VectorFunctions {
  private static final VectorSpecies<Float> S = SPECIES;

  private VectorFunctions() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  /**
   * Replaces one vector of each term by the exponentials of its differences to {@code lane}, and
   * {@code lane} by the inverse of their sum.
   */
  static void exponentials(float[] x, int at, int end, int step, float[] lane) {
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
    FloatVector largest = FloatVector.fromArray(S, lane, 0);
    FloatVector total = all(0);
    for (int i = at; i < end; i += step) {
      FloatVector exponent = FloatVector.fromArray(S, x, i).sub(largest);
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
      FloatVector exponential = sum.fma(rest.mul(rest), rest).add(one).mul(scale);
      total = total.add(exponential);
      exponential.intoArray(x, i);
    }
    one.div(total).intoArray(lane, 0);
  }

  static void gelu(float[] x, int at, float[] to, int toAt, int count) {
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
    float[] error = FloatFunctions.ERROR;
    FloatVector root = all(FloatFunctions.ROOT_HALF);
    FloatVector half = all(0.5f);
    FloatVector zero = all(0);
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
    for (int i = 0; i < count; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector z = value.abs().mul(root);
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
      FloatVector exponent = z.neg().fma(z, errors);
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
      FloatVector exponential = sum.fma(rest.mul(rest), rest).add(one).mul(scale);
      FloatVector below = exponential.mul(t).mul(half);
      FloatVector share = below.blend(one.sub(below), value.compare(VectorOperators.GT, zero));
      value.mul(share).intoArray(to, toAt + i);
    }
  }

  static void geluSlopes(float[] x, int at, float[] to, int count) {
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
    float[] error = FloatFunctions.ERROR;
    FloatVector root = all(FloatFunctions.ROOT_HALF);
    FloatVector half = all(0.5f);
    FloatVector zero = all(0);
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
    FloatVector density = all(FloatFunctions.DENSITY);
    FloatVector minusHalf = all(-0.5f);
    for (int i = 0; i < count; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector z = value.abs().mul(root);
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
      FloatVector exponent = z.neg().fma(z, errors);
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
      FloatVector exponential = sum.fma(rest.mul(rest), rest).add(one).mul(scale);
      FloatVector below = exponential.mul(t).mul(half);
      FloatVector share = below.blend(one.sub(below), value.compare(VectorOperators.GT, zero));
      FloatVector square = value.mul(value).mul(minusHalf);
      FloatVector squareAbove = square.blend(lowest, square.compare(VectorOperators.LT, lowest));
      FloatVector squareLimited =
          squareAbove.blend(highest, squareAbove.compare(VectorOperators.GT, highest));
      FloatVector squarePower = squareLimited.fma(log2e, round);
      FloatVector squareWhole = squarePower.sub(round);
      FloatVector squareRest = squareWhole.fma(low, squareWhole.fma(high, squareLimited));
      FloatVector squareSum =
          squareRest
              .fma(seventh, sixth)
              .fma(squareRest, fifth)
              .fma(squareRest, fourth)
              .fma(squareRest, third)
              .fma(squareRest, second);
      FloatVector squareScale =
          squarePower
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PolynomialFunctions.MANTISSA_OF_FLOAT)
              .add(PolynomialFunctions.ONE)
              .reinterpretAsFloats();
      FloatVector ofSquare =
          squareSum.fma(squareRest.mul(squareRest), squareRest).add(one).mul(squareScale);
      value.fma(ofSquare.mul(density), share).intoArray(to, i);
    }
  }

  static void silu(float[] x, int at, float[] to, int toAt, int count) {
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
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector exponent = value.neg();
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
      FloatVector exponential = sum.fma(rest.mul(rest), rest).add(one).mul(scale);
      value.mul(one.div(exponential.add(one))).intoArray(to, toAt + i);
    }
  }

  static void siluSlopes(float[] x, int at, float[] to, int count) {
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
      FloatVector value = FloatVector.fromArray(S, x, at + i);
      FloatVector exponent = value.neg();
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
      FloatVector exponential = sum.fma(rest.mul(rest), rest).add(one).mul(scale);
      FloatVector y = one.div(exponential.add(one));
      y.mul(value.fma(one.sub(y), one)).intoArray(to, i);
    }
  }
}
