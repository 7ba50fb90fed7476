package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Exponential#single} of whole vectors, operation by operation. */
final class VectorExponential {
  private static final VectorSpecies<Float> S = SPECIES;

  private VectorExponential() {}

  /** Of {@code x − largest}; {@code count} is a multiple of the lanes. */
  static void of(
      float[] x, int at, float[] largest, int largestAt, float[] to, int toAt, int count) {
    FloatVector round = FloatVector.broadcast(S, Exponential.ROUND);
    FloatVector log2e = FloatVector.broadcast(S, Exponential.LOG2_E_FLOAT);
    FloatVector high = FloatVector.broadcast(S, -Exponential.LN2_HIGH_FLOAT);
    FloatVector low = FloatVector.broadcast(S, -Exponential.LN2_LOW_FLOAT);
    FloatVector seventh = FloatVector.broadcast(S, Exponential.SEVENTH);
    FloatVector sixth = FloatVector.broadcast(S, Exponential.SIXTH);
    FloatVector fifth = FloatVector.broadcast(S, Exponential.FIFTH);
    FloatVector fourth = FloatVector.broadcast(S, Exponential.FOURTH);
    FloatVector third = FloatVector.broadcast(S, Exponential.THIRD);
    FloatVector second = FloatVector.broadcast(S, Exponential.SECOND);
    for (int i = 0; i < count; i += LANES) {
      FloatVector limited =
          FloatVector.fromArray(S, x, at + i)
              .sub(FloatVector.fromArray(S, largest, largestAt + i))
              .max(Exponential.LOWEST)
              .min(Exponential.HIGHEST);
      FloatVector shifted = limited.fma(log2e, round);
      FloatVector power = shifted.sub(round);
      FloatVector rest = power.fma(low, power.fma(high, limited));
      FloatVector sum =
          rest.fma(seventh, sixth)
              .fma(rest, fifth)
              .fma(rest, fourth)
              .fma(rest, third)
              .fma(rest, second);
      FloatVector value = sum.fma(rest.mul(rest), rest).add(1);
      FloatVector scale =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, Exponential.MANTISSA_OF_FLOAT)
              .add(Exponential.ONE)
              .reinterpretAsFloats();
      value.mul(scale).intoArray(to, toAt + i);
    }
  }
}
