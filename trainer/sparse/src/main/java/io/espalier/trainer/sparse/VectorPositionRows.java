package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Whole vectors, and {@link ScalarPositionRows} for the rest of a run. */
final class VectorPositionRows implements PositionRows {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;

  /** Rows of a tile. */
  private static final int TILE = AttentionOperation.QUERIES;

  /** Targets of a tile: as many sums as registers hold, of which AVX2 has 16. */
  private static final int WIDTH = L == 16 ? 4 : 2;

  private final float[] lane = new float[L];
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
  public void softmax(float[] values, int at, int terms, int lanes) {
    int whole = whole(lanes);
    int end = at + terms * lanes;
    for (int from = at; from < at + whole; from += L) {
      VectorFunctions.softmax(values, from, end - from, lanes);
    }
    ScalarPositionRows.softmax(values, at, terms, lanes, whole);
  }

  @Override
  public void softmaxGradient(
      float[] g, int at, float[] weights, int weightsAt, int terms, int lanes, float scale) {
    int whole = whole(lanes);
    int count = terms * lanes;
    for (int i = 0; i < whole; i += L) {
      dot(g, at + i, weights, weightsAt + i, count - i, lanes, lane);
      softmaxGradient(g, at + i, weights, weightsAt + i, count - i, lanes, lane, scale);
    }
    ScalarPositionRows.softmaxGradient(g, at, weights, weightsAt, terms, lanes, scale, whole);
  }

  private static void dot(
      float[] g, int at, float[] weights, int weightsAt, int count, int step, float[] lane) {
    FloatVector sum = FloatVector.zero(S);
    for (int i = 0; i < count; i += step) {
      FloatVector by = FloatVector.fromArray(S, g, at + i);
      sum = FloatVector.fromArray(S, weights, weightsAt + i).fma(by, sum);
    }
    sum.intoArray(lane, 0);
  }

  private static void softmaxGradient(
      float[] g,
      int at,
      float[] weights,
      int weightsAt,
      int count,
      int step,
      float[] lane,
      float scale) {
    FloatVector less = FloatVector.fromArray(S, lane, 0);
    FloatVector by = FloatVector.broadcast(S, scale);
    for (int i = 0; i < count; i += step) {
      FloatVector weight = FloatVector.fromArray(S, weights, weightsAt + i);
      FloatVector.fromArray(S, g, at + i)
          .sub(less)
          .mul(weight)
          .mul(by)
          .intoArray(weights, weightsAt + i);
    }
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
    int rows = p.rows - p.rows % TILE;
    for (int lane = 0; lane < whole; lane += L) {
      for (int row = 0; row < rows; row += TILE) {
        for (int t = 0; t < p.targets; t += WIDTH) {
          if (t + WIDTH <= p.targets) {
            tile(p, lane, row, t);
          } else {
            each(p, lane, row, row + TILE, t);
          }
        }
      }
      each(p, lane, rows, p.rows, 0);
    }
    ScalarPositionRows.sum(p, whole);
  }

  /** Targets from {@code first} on, of rows {@code [row, end)}. */
  private static void each(LaneProducts p, int lane, int row, int end, int first) {
    int fours = p.targets - (p.targets - first) % 4;
    for (int r = row; r < end; r++) {
      int x = p.xAt + r * p.xRow + lane;
      int to = p.toAt + r * p.toRow + lane;
      for (int t = first; t < fours; t += 4) {
        four(p, x, p.yAt + t * p.yTarget + lane, to + t * p.toStep);
      }
      for (int t = fours; t < p.targets; t++) {
        one(p, x, p.yAt + t * p.yTarget + lane, to + t * p.toStep);
      }
    }
  }

  private static void tile(LaneProducts p, int lane, int row, int target) {
    int x = p.xAt + row * p.xRow + lane;
    int y = p.yAt + target * p.yTarget + lane;
    int to = p.toAt + row * p.toRow + target * p.toStep + lane;
    if (WIDTH == 4) {
      VectorLaneTiles.four(p, x, y, to);
    } else {
      VectorLaneTiles.two(p, x, y, to);
    }
  }

  private static void four(LaneProducts p, int xFrom, int yFrom, int toAt) {
    float[] x = p.x;
    float[] y = p.y;
    float[] to = p.to;
    int xStep = p.xStep;
    int yStep = p.yStep;
    int second = p.yTarget;
    int third = 2 * p.yTarget;
    int fourth = 3 * p.yTarget;
    FloatVector a = FloatVector.fromArray(S, to, toAt);
    FloatVector b = FloatVector.fromArray(S, to, toAt + p.toStep);
    FloatVector c = FloatVector.fromArray(S, to, toAt + 2 * p.toStep);
    FloatVector d = FloatVector.fromArray(S, to, toAt + 3 * p.toStep);
    int xAt = xFrom;
    int yAt = yFrom;
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

  private static void one(LaneProducts p, int xFrom, int yFrom, int toAt) {
    float[] x = p.x;
    float[] y = p.y;
    FloatVector a = FloatVector.fromArray(S, p.to, toAt);
    int xAt = xFrom;
    int yAt = yFrom;
    int terms = p.terms;
    for (int s = 0; s < terms; s++) {
      a = FloatVector.fromArray(S, y, yAt).fma(FloatVector.fromArray(S, x, xAt), a);
      xAt += p.xStep;
      yAt += p.yStep;
    }
    a.intoArray(p.to, toAt);
  }
}
