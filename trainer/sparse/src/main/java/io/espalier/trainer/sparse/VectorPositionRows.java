package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Whole vectors, and {@link ScalarPositionRows} for the rest of a run. */
final class VectorPositionRows implements PositionRows {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;

  private final ScalarPositionRows rest = new ScalarPositionRows();

  private static int whole(int count) {
    return count - count % L;
  }

  @Override
  public void normalised(
      float[] x,
      int at,
      float[] mean,
      int meanAt,
      float[] factor,
      int factorAt,
      float[] to,
      int toAt,
      int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .sub(FloatVector.fromArray(S, mean, meanAt + i))
          .mul(FloatVector.fromArray(S, factor, factorAt + i))
          .intoArray(to, toAt + i);
    }
    int left = count - whole;
    int target = toAt + whole;
    rest.normalised(
        x, at + whole, mean, meanAt + whole, factor, factorAt + whole, to, target, left);
  }

  @Override
  public void normGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float[] slope,
      float[] shift,
      float[] factor,
      int factorAt,
      float[] to,
      int toAt,
      int count,
      boolean adds) {
    if (count % L != 0) {
      rest.normGradient(g, at, gain, x, xAt, slope, shift, factor, factorAt, to, toAt, count, adds);
    } else if (adds) {
      addNormGradient(g, at, gain, x, xAt, slope, shift, factor, factorAt, to, toAt, count);
    } else {
      setNormGradient(g, at, gain, x, xAt, slope, shift, factor, factorAt, to, toAt, count);
    }
  }

  private static void setNormGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float[] slope,
      float[] shift,
      float[] factor,
      int factorAt,
      float[] to,
      int toAt,
      int count) {
    FloatVector by = FloatVector.broadcast(S, gain);
    for (int i = 0; i < count; i += L) {
      FloatVector less =
          FloatVector.fromArray(S, x, xAt + i)
              .fma(FloatVector.fromArray(S, slope, i), FloatVector.fromArray(S, shift, i));
      FloatVector.fromArray(S, g, at + i)
          .mul(by)
          .sub(less)
          .mul(FloatVector.fromArray(S, factor, factorAt + i))
          .intoArray(to, toAt + i);
    }
  }

  private static void addNormGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float[] slope,
      float[] shift,
      float[] factor,
      int factorAt,
      float[] to,
      int toAt,
      int count) {
    FloatVector by = FloatVector.broadcast(S, gain);
    for (int i = 0; i < count; i += L) {
      FloatVector less =
          FloatVector.fromArray(S, x, xAt + i)
              .fma(FloatVector.fromArray(S, slope, i), FloatVector.fromArray(S, shift, i));
      FloatVector value =
          FloatVector.fromArray(S, g, at + i)
              .mul(by)
              .sub(less)
              .mul(FloatVector.fromArray(S, factor, factorAt + i));
      FloatVector.fromArray(S, to, toAt + i).add(value).intoArray(to, toAt + i);
    }
  }

  @Override
  public void exponentials(
      float[] x, int at, float[] largest, int largestAt, float[] to, int toAt, int count) {
    int whole = whole(count);
    VectorFunctions.exponentials(x, at, largest, largestAt, to, toAt, whole);
    int from = at + whole;
    rest.exponentials(x, from, largest, largestAt + whole, to, toAt + whole, count - whole);
  }

  @Override
  public void gelu(float[] x, int at, float[] to, int toAt, int count) {
    int whole = whole(count);
    VectorFunctions.gelu(x, at, to, toAt, whole);
    rest.gelu(x, at + whole, to, toAt + whole, count - whole);
  }

  @Override
  public void silu(float[] x, int at, float[] to, int toAt, int count) {
    int whole = whole(count);
    VectorFunctions.silu(x, at, to, toAt, whole);
    rest.silu(x, at + whole, to, toAt + whole, count - whole);
  }

  /** Takes the values of a batch that trains, which is a multiple of the lanes. */
  @Override
  public void geluSlopes(float[] x, int at, float[] to, int count) {
    VectorFunctions.geluSlopes(x, at, to, count);
  }

  /** Takes the values of a batch that trains, which is a multiple of the lanes. */
  @Override
  public void siluSlopes(float[] x, int at, float[] to, int count) {
    VectorFunctions.siluSlopes(x, at, to, count);
  }

  @Override
  public void sum(LaneProducts p) {
    int whole = whole(p.lanes);
    int fours = p.targets - p.targets % 4;
    for (int lane = 0; lane < whole; lane += L) {
      for (int t = 0; t < fours; t += 4) {
        four(p, lane, t);
      }
      for (int t = fours; t < p.targets; t++) {
        one(p, lane, t);
      }
    }
    ScalarPositionRows.sum(p, whole);
  }

  private static void four(LaneProducts p, int lane, int target) {
    float[] x = p.x;
    float[] y = p.y;
    float[] to = p.to;
    int xStep = p.xStep;
    int yStep = p.yStep;
    int toAt = p.toAt + target * p.toStep + lane;
    int second = p.yTarget;
    int third = 2 * p.yTarget;
    int fourth = 3 * p.yTarget;
    FloatVector a = FloatVector.fromArray(S, to, toAt);
    FloatVector b = FloatVector.fromArray(S, to, toAt + p.toStep);
    FloatVector c = FloatVector.fromArray(S, to, toAt + 2 * p.toStep);
    FloatVector d = FloatVector.fromArray(S, to, toAt + 3 * p.toStep);
    int xAt = p.xAt + lane;
    int yAt = p.yAt + target * p.yTarget + lane;
    int terms = p.terms;
    for (int s = 0; s < terms; s++) {
      FloatVector by = FloatVector.fromArray(S, x, xAt);
      a = FloatVector.fromArray(S, y, yAt).fma(by, a);
      b = FloatVector.fromArray(S, y, yAt + second).fma(by, b);
      c = FloatVector.fromArray(S, y, yAt + third).fma(by, c);
      d = FloatVector.fromArray(S, y, yAt + fourth).fma(by, d);
      xAt += xStep;
      yAt += yStep;
    }
    a.intoArray(to, toAt);
    b.intoArray(to, toAt + p.toStep);
    c.intoArray(to, toAt + 2 * p.toStep);
    d.intoArray(to, toAt + 3 * p.toStep);
  }

  private static void one(LaneProducts p, int lane, int target) {
    float[] x = p.x;
    float[] y = p.y;
    int toAt = p.toAt + target * p.toStep + lane;
    FloatVector a = FloatVector.fromArray(S, p.to, toAt);
    int xAt = p.xAt + lane;
    int yAt = p.yAt + target * p.yTarget + lane;
    int terms = p.terms;
    for (int s = 0; s < terms; s++) {
      a = FloatVector.fromArray(S, y, yAt).fma(FloatVector.fromArray(S, x, xAt), a);
      xAt += p.xStep;
      yAt += p.yStep;
    }
    a.intoArray(p.to, toAt);
  }
}
