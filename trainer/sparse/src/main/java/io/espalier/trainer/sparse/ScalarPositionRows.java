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
  public void softmax(float[] values, int at, int terms, int lanes) {
    softmax(values, at, terms, lanes, 0);
  }

  /** The lanes from {@code first} on. */
  static void softmax(float[] values, int at, int terms, int lanes, int first) {
    int end = at + terms * lanes;
    for (int from = at + first; from < at + lanes; from++) {
      float largest = values[from];
      for (int i = from + lanes; i < end; i += lanes) {
        largest = Math.max(largest, values[i]);
      }
      float sum = 0;
      for (int i = from; i < end; i += lanes) {
        values[i] = PolynomialFunctions.single(values[i] - largest);
        sum += values[i];
      }
      float share = 1 / sum;
      for (int i = from; i < end; i += lanes) {
        values[i] *= share;
      }
    }
  }

  @Override
  public void softmaxGradient(
      float[] g, int at, float[] weights, int weightsAt, int terms, int lanes, float scale) {
    softmaxGradient(g, at, weights, weightsAt, terms, lanes, scale, 0);
  }

  /** The lanes from {@code first} on. */
  static void softmaxGradient(
      float[] g,
      int at,
      float[] weights,
      int weightsAt,
      int terms,
      int lanes,
      float scale,
      int first) {
    for (int lane = first; lane < lanes; lane++) {
      float sum = 0;
      for (int i = lane; i < terms * lanes; i += lanes) {
        sum = Math.fma(weights[weightsAt + i], g[at + i], sum);
      }
      for (int i = lane; i < terms * lanes; i += lanes) {
        weights[weightsAt + i] = (g[at + i] - sum) * weights[weightsAt + i] * scale;
      }
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
    for (int i = 0; first < p.lanes && i < p.rows * p.targets; i++) {
      int row = i / p.targets;
      int t = i % p.targets;
      int to = p.toAt + row * p.toRow + t * p.toStep;
      for (int s = 0; s < p.terms; s++) {
        int x = p.xAt + row * p.xRow + s * p.xStep;
        int y = p.yAt + s * p.yStep + t * p.yTarget;
        for (int lane = first; lane < p.lanes; lane++) {
          p.to[to + lane] = Math.fma(p.x[x + lane], p.y[y + lane], p.to[to + lane]);
        }
      }
    }
  }
}
