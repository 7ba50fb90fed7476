package io.espalier.trainer.sparse;

/** For any machine, and the rest of a run that fills no vector. */
final class ScalarPositionRows implements PositionRows {
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
    for (int i = 0; i < count; i++) {
      to[toAt + i] = (x[at + i] - mean[meanAt + i]) * factor[factorAt + i];
    }
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
    for (int i = 0; i < count; i++) {
      float rest = Math.fma(x[xAt + i], slope[i], shift[i]);
      float value = (g[at + i] * gain - rest) * factor[factorAt + i];
      to[toAt + i] = adds ? to[toAt + i] + value : value;
    }
  }

  @Override
  public void exponentials(
      float[] x, int at, float[] largest, int largestAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = PolynomialFunctions.single(x[at + i] - largest[largestAt + i]);
    }
  }

  @Override
  public void gelu(float[] x, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = FloatFunctions.gelu(x[at + i]);
    }
  }

  @Override
  public void silu(float[] x, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = FloatFunctions.silu(x[at + i]);
    }
  }

  @Override
  public void geluSlopes(float[] x, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = FloatFunctions.geluSlope(x[at + i]);
    }
  }

  @Override
  public void siluSlopes(float[] x, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = FloatFunctions.siluSlope(x[at + i]);
    }
  }

  @Override
  public void sum(LaneProducts p) {
    sum(p, 0);
  }

  /** The lanes from {@code first} on. */
  static void sum(LaneProducts p, int first) {
    for (int t = 0; first < p.lanes && t < p.targets; t++) {
      int to = p.toAt + t * p.toStep;
      for (int s = 0; s < p.terms; s++) {
        int x = p.xAt + s * p.xStep;
        int y = p.yAt + s * p.yStep + t * p.yTarget;
        for (int lane = first; lane < p.lanes; lane++) {
          p.to[to + lane] = Math.fma(p.x[x + lane], p.y[y + lane], p.to[to + lane]);
        }
      }
    }
  }
}
