package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One vector of lanes of {@link LaneProducts}, of four rows with two or four targets: each vector
 * of {@code y} is loaded once for four sums. Sums are local variables, as a loop over an array of
 * vectors makes an object of each.
 */
final class VectorLaneTiles {
  private static final VectorSpecies<Float> S = SPECIES;

  private VectorLaneTiles() {}

  static void four(LaneProducts p, int xFrom, int yFrom, int toAt) {
    float[] x = p.x;
    float[] y = p.y;
    float[] to = p.to;
    int xStep = p.xStep;
    int yStep = p.yStep;
    int xRow = p.xRow;
    int target = p.yTarget;
    int step = p.toStep;
    int b = toAt + p.toRow;
    int c = toAt + 2 * p.toRow;
    int d = toAt + 3 * p.toRow;
    FloatVector a0 = FloatVector.fromArray(S, to, toAt);
    FloatVector a1 = FloatVector.fromArray(S, to, toAt + step);
    FloatVector a2 = FloatVector.fromArray(S, to, toAt + 2 * step);
    FloatVector a3 = FloatVector.fromArray(S, to, toAt + 3 * step);
    FloatVector b0 = FloatVector.fromArray(S, to, b);
    FloatVector b1 = FloatVector.fromArray(S, to, b + step);
    FloatVector b2 = FloatVector.fromArray(S, to, b + 2 * step);
    FloatVector b3 = FloatVector.fromArray(S, to, b + 3 * step);
    FloatVector c0 = FloatVector.fromArray(S, to, c);
    FloatVector c1 = FloatVector.fromArray(S, to, c + step);
    FloatVector c2 = FloatVector.fromArray(S, to, c + 2 * step);
    FloatVector c3 = FloatVector.fromArray(S, to, c + 3 * step);
    FloatVector d0 = FloatVector.fromArray(S, to, d);
    FloatVector d1 = FloatVector.fromArray(S, to, d + step);
    FloatVector d2 = FloatVector.fromArray(S, to, d + 2 * step);
    FloatVector d3 = FloatVector.fromArray(S, to, d + 3 * step);
    int xAt = xFrom;
    int yAt = yFrom;
    int terms = p.terms;
    for (int s = 0; s < terms; s++) {
      FloatVector y0 = FloatVector.fromArray(S, y, yAt);
      FloatVector y1 = FloatVector.fromArray(S, y, yAt + target);
      FloatVector y2 = FloatVector.fromArray(S, y, yAt + 2 * target);
      FloatVector y3 = FloatVector.fromArray(S, y, yAt + 3 * target);
      FloatVector by = FloatVector.fromArray(S, x, xAt);
      a0 = y0.fma(by, a0);
      a1 = y1.fma(by, a1);
      a2 = y2.fma(by, a2);
      a3 = y3.fma(by, a3);
      by = FloatVector.fromArray(S, x, xAt + xRow);
      b0 = y0.fma(by, b0);
      b1 = y1.fma(by, b1);
      b2 = y2.fma(by, b2);
      b3 = y3.fma(by, b3);
      by = FloatVector.fromArray(S, x, xAt + 2 * xRow);
      c0 = y0.fma(by, c0);
      c1 = y1.fma(by, c1);
      c2 = y2.fma(by, c2);
      c3 = y3.fma(by, c3);
      by = FloatVector.fromArray(S, x, xAt + 3 * xRow);
      d0 = y0.fma(by, d0);
      d1 = y1.fma(by, d1);
      d2 = y2.fma(by, d2);
      d3 = y3.fma(by, d3);
      xAt += xStep;
      yAt += yStep;
    }
    a0.intoArray(to, toAt);
    a1.intoArray(to, toAt + step);
    a2.intoArray(to, toAt + 2 * step);
    a3.intoArray(to, toAt + 3 * step);
    b0.intoArray(to, b);
    b1.intoArray(to, b + step);
    b2.intoArray(to, b + 2 * step);
    b3.intoArray(to, b + 3 * step);
    c0.intoArray(to, c);
    c1.intoArray(to, c + step);
    c2.intoArray(to, c + 2 * step);
    c3.intoArray(to, c + 3 * step);
    d0.intoArray(to, d);
    d1.intoArray(to, d + step);
    d2.intoArray(to, d + 2 * step);
    d3.intoArray(to, d + 3 * step);
  }

  static void two(LaneProducts p, int xFrom, int yFrom, int toAt) {
    float[] x = p.x;
    float[] y = p.y;
    float[] to = p.to;
    int xStep = p.xStep;
    int yStep = p.yStep;
    int xRow = p.xRow;
    int target = p.yTarget;
    int step = p.toStep;
    int b = toAt + p.toRow;
    int c = toAt + 2 * p.toRow;
    int d = toAt + 3 * p.toRow;
    FloatVector a0 = FloatVector.fromArray(S, to, toAt);
    FloatVector a1 = FloatVector.fromArray(S, to, toAt + step);
    FloatVector b0 = FloatVector.fromArray(S, to, b);
    FloatVector b1 = FloatVector.fromArray(S, to, b + step);
    FloatVector c0 = FloatVector.fromArray(S, to, c);
    FloatVector c1 = FloatVector.fromArray(S, to, c + step);
    FloatVector d0 = FloatVector.fromArray(S, to, d);
    FloatVector d1 = FloatVector.fromArray(S, to, d + step);
    int xAt = xFrom;
    int yAt = yFrom;
    int terms = p.terms;
    for (int s = 0; s < terms; s++) {
      FloatVector y0 = FloatVector.fromArray(S, y, yAt);
      FloatVector y1 = FloatVector.fromArray(S, y, yAt + target);
      FloatVector by = FloatVector.fromArray(S, x, xAt);
      a0 = y0.fma(by, a0);
      a1 = y1.fma(by, a1);
      by = FloatVector.fromArray(S, x, xAt + xRow);
      b0 = y0.fma(by, b0);
      b1 = y1.fma(by, b1);
      by = FloatVector.fromArray(S, x, xAt + 2 * xRow);
      c0 = y0.fma(by, c0);
      c1 = y1.fma(by, c1);
      by = FloatVector.fromArray(S, x, xAt + 3 * xRow);
      d0 = y0.fma(by, d0);
      d1 = y1.fma(by, d1);
      xAt += xStep;
      yAt += yStep;
    }
    a0.intoArray(to, toAt);
    a1.intoArray(to, toAt + step);
    b0.intoArray(to, b);
    b1.intoArray(to, b + step);
    c0.intoArray(to, c);
    c1.intoArray(to, c + step);
    d0.intoArray(to, d);
    d1.intoArray(to, d + step);
  }
}
