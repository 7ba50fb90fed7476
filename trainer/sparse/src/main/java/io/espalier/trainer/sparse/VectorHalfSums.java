package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.Kernels.PARTIALS;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds a run to the partial sums of four outputs with four inputs, as {@link VectorTileSums} does,
 * where a vector holds a part of the partial sums only: as many as 16 registers hold at a time.
 */
final class VectorHalfSums {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int TILE = SharedRows.ROWS;

  /** From the partial sums of one output to those of the next. */
  private static final int ROW = TILE * PARTIALS;

  private VectorHalfSums() {}

  static void addRun(
      float[] x,
      int[] offsets,
      int first,
      int batch,
      int xAt,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      float[] partials,
      int to) {
    for (int input = 0; input < TILE; input += 2) {
      int in0 = offsets[first + input] * batch + xAt;
      int in1 = offsets[first + input + 1] * batch + xAt;
      for (int lane = 0; lane < PARTIALS; lane += S.length()) {
        int at = to + input * PARTIALS + lane;
        add(x, in0 + lane, in1 + lane, y, yAt + lane, yPlane, length - lane, partials, at);
      }
    }
  }

  private static void add(
      float[] x,
      int in0,
      int in1,
      float[] y,
      int yAt,
      int yPlane,
      int length,
      float[] partials,
      int to) {
    int y1 = yAt + yPlane;
    int y2 = yAt + 2 * yPlane;
    int y3 = yAt + 3 * yPlane;
    FloatVector a0 = FloatVector.fromArray(S, partials, to);
    FloatVector a1 = FloatVector.fromArray(S, partials, to + PARTIALS);
    FloatVector b0 = FloatVector.fromArray(S, partials, to + ROW);
    FloatVector b1 = FloatVector.fromArray(S, partials, to + ROW + PARTIALS);
    FloatVector c0 = FloatVector.fromArray(S, partials, to + 2 * ROW);
    FloatVector c1 = FloatVector.fromArray(S, partials, to + 2 * ROW + PARTIALS);
    FloatVector d0 = FloatVector.fromArray(S, partials, to + 3 * ROW);
    FloatVector d1 = FloatVector.fromArray(S, partials, to + 3 * ROW + PARTIALS);
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(S, x, in0 + i);
      FloatVector x1 = FloatVector.fromArray(S, x, in1 + i);
      FloatVector g = FloatVector.fromArray(S, y, yAt + i);
      a0 = x0.fma(g, a0);
      a1 = x1.fma(g, a1);
      g = FloatVector.fromArray(S, y, y1 + i);
      b0 = x0.fma(g, b0);
      b1 = x1.fma(g, b1);
      g = FloatVector.fromArray(S, y, y2 + i);
      c0 = x0.fma(g, c0);
      c1 = x1.fma(g, c1);
      g = FloatVector.fromArray(S, y, y3 + i);
      d0 = x0.fma(g, d0);
      d1 = x1.fma(g, d1);
    }
    a0.intoArray(partials, to);
    a1.intoArray(partials, to + PARTIALS);
    b0.intoArray(partials, to + ROW);
    b1.intoArray(partials, to + ROW + PARTIALS);
    c0.intoArray(partials, to + 2 * ROW);
    c1.intoArray(partials, to + 2 * ROW + PARTIALS);
    d0.intoArray(partials, to + 3 * ROW);
    d1.intoArray(partials, to + 3 * ROW + PARTIALS);
  }
}
