package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds weighted inputs to four outputs, by one to four vectors: each vector of inputs is loaded
 * once for all four. As many sums as the registers hold are local variables, since a loop over an
 * array of vectors makes an object of each.
 *
 * <p>Sums start with what {@code out} holds. The weight of output {@code o} and entry {@code k} is
 * {@code values[base + places[placeAt + k - from] + o * rowStep]}.
 */
final class VectorTileLoops {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;

  private VectorTileLoops() {}

  static void four(
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

  static void three(
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

  static void two(
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

  static void one(
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
