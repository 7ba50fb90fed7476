package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds a panel of inputs, which lie side by side, to four outputs, as {@link VectorTileLoops} does
 * from inputs wherever they are. Indices grow evenly, so that compilers check them once before the
 * loop.
 */
final class VectorPanelLoops {
  /** Outputs whose weights for one input stand side by side in a group. */
  static final int GROUP = 16;

  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;

  private VectorPanelLoops() {}

  static void four(
      float[] weights,
      int at,
      int row,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
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
    int second = at + row;
    int third = at + 2 * row;
    int fourth = at + 3 * row;
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + 4 * L * k);
      FloatVector x1 = FloatVector.fromArray(S, panel, in + 4 * L * k + L);
      FloatVector x2 = FloatVector.fromArray(S, panel, in + 4 * L * k + 2 * L);
      FloatVector x3 = FloatVector.fromArray(S, panel, in + 4 * L * k + 3 * L);
      FloatVector w = FloatVector.broadcast(S, weights[at + k]);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      a2 = x2.fma(w, a2);
      a3 = x3.fma(w, a3);
      w = FloatVector.broadcast(S, weights[second + k]);
      b0 = x0.fma(w, b0);
      b1 = x1.fma(w, b1);
      b2 = x2.fma(w, b2);
      b3 = x3.fma(w, b3);
      w = FloatVector.broadcast(S, weights[third + k]);
      c0 = x0.fma(w, c0);
      c1 = x1.fma(w, c1);
      c2 = x2.fma(w, c2);
      c3 = x3.fma(w, c3);
      w = FloatVector.broadcast(S, weights[fourth + k]);
      d0 = x0.fma(w, d0);
      d1 = x1.fma(w, d1);
      d2 = x2.fma(w, d2);
      d3 = x3.fma(w, d3);
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

  static void fourOfGroup(
      float[] weights,
      int at,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
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
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + 4 * L * k);
      FloatVector x1 = FloatVector.fromArray(S, panel, in + 4 * L * k + L);
      FloatVector x2 = FloatVector.fromArray(S, panel, in + 4 * L * k + 2 * L);
      FloatVector x3 = FloatVector.fromArray(S, panel, in + 4 * L * k + 3 * L);
      FloatVector w = FloatVector.broadcast(S, weights[at + GROUP * k]);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      a2 = x2.fma(w, a2);
      a3 = x3.fma(w, a3);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 1]);
      b0 = x0.fma(w, b0);
      b1 = x1.fma(w, b1);
      b2 = x2.fma(w, b2);
      b3 = x3.fma(w, b3);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 2]);
      c0 = x0.fma(w, c0);
      c1 = x1.fma(w, c1);
      c2 = x2.fma(w, c2);
      c3 = x3.fma(w, c3);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 3]);
      d0 = x0.fma(w, d0);
      d1 = x1.fma(w, d1);
      d2 = x2.fma(w, d2);
      d3 = x3.fma(w, d3);
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

  static void two(
      float[] weights,
      int at,
      int row,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector a1 = FloatVector.fromArray(S, out, outAt + L);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector b1 = FloatVector.fromArray(S, out, b + L);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector c1 = FloatVector.fromArray(S, out, c + L);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    FloatVector d1 = FloatVector.fromArray(S, out, d + L);
    int second = at + row;
    int third = at + 2 * row;
    int fourth = at + 3 * row;
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + 2 * L * k);
      FloatVector x1 = FloatVector.fromArray(S, panel, in + 2 * L * k + L);
      FloatVector w = FloatVector.broadcast(S, weights[at + k]);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      w = FloatVector.broadcast(S, weights[second + k]);
      b0 = x0.fma(w, b0);
      b1 = x1.fma(w, b1);
      w = FloatVector.broadcast(S, weights[third + k]);
      c0 = x0.fma(w, c0);
      c1 = x1.fma(w, c1);
      w = FloatVector.broadcast(S, weights[fourth + k]);
      d0 = x0.fma(w, d0);
      d1 = x1.fma(w, d1);
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

  static void twoOfGroup(
      float[] weights,
      int at,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector a1 = FloatVector.fromArray(S, out, outAt + L);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector b1 = FloatVector.fromArray(S, out, b + L);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector c1 = FloatVector.fromArray(S, out, c + L);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    FloatVector d1 = FloatVector.fromArray(S, out, d + L);
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + 2 * L * k);
      FloatVector x1 = FloatVector.fromArray(S, panel, in + 2 * L * k + L);
      FloatVector w = FloatVector.broadcast(S, weights[at + GROUP * k]);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 1]);
      b0 = x0.fma(w, b0);
      b1 = x1.fma(w, b1);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 2]);
      c0 = x0.fma(w, c0);
      c1 = x1.fma(w, c1);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 3]);
      d0 = x0.fma(w, d0);
      d1 = x1.fma(w, d1);
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
      float[] weights,
      int at,
      int row,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    int second = at + row;
    int third = at + 2 * row;
    int fourth = at + 3 * row;
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + L * k);
      FloatVector w = FloatVector.broadcast(S, weights[at + k]);
      a0 = x0.fma(w, a0);
      w = FloatVector.broadcast(S, weights[second + k]);
      b0 = x0.fma(w, b0);
      w = FloatVector.broadcast(S, weights[third + k]);
      c0 = x0.fma(w, c0);
      w = FloatVector.broadcast(S, weights[fourth + k]);
      d0 = x0.fma(w, d0);
    }
    a0.intoArray(out, outAt);
    b0.intoArray(out, b);
    c0.intoArray(out, c);
    d0.intoArray(out, d);
  }

  static void oneOfGroup(
      float[] weights,
      int at,
      int count,
      float[] panel,
      int in,
      float[] out,
      int outAt,
      int plane) {
    int b = outAt + plane;
    int c = outAt + 2 * plane;
    int d = outAt + 3 * plane;
    FloatVector a0 = FloatVector.fromArray(S, out, outAt);
    FloatVector b0 = FloatVector.fromArray(S, out, b);
    FloatVector c0 = FloatVector.fromArray(S, out, c);
    FloatVector d0 = FloatVector.fromArray(S, out, d);
    for (int k = 0; k < count; k++) {
      FloatVector x0 = FloatVector.fromArray(S, panel, in + L * k);
      FloatVector w = FloatVector.broadcast(S, weights[at + GROUP * k]);
      a0 = x0.fma(w, a0);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 1]);
      b0 = x0.fma(w, b0);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 2]);
      c0 = x0.fma(w, c0);
      w = FloatVector.broadcast(S, weights[at + GROUP * k + 3]);
      d0 = x0.fma(w, d0);
    }
    a0.intoArray(out, outAt);
    b0.intoArray(out, b);
    c0.intoArray(out, c);
    d0.intoArray(out, d);
  }
}
