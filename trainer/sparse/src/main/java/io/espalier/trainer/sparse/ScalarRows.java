package io.espalier.trainer.sparse;

import org.jspecify.annotations.Nullable;

/** For any machine. Compilers make vectors only of loops within one array. */
final class ScalarRows implements Rows {
  @Override
  public void add(float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] += from[at + i];
    }
  }

  @Override
  public void sum(float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = x[at + i] + y[yAt + i];
    }
  }

  @Override
  public void relu(float[] values, int at, int count) {
    for (int i = 0; i < count; i++) {
      values[at + i] = Math.max(values[at + i], 0f);
    }
  }

  @Override
  public void scaled(
      float[] x,
      int at,
      float mean,
      float gain,
      float shift,
      float @Nullable [] addend,
      int addendAt,
      boolean relu,
      float[] to,
      int toAt,
      int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = Math.fma(x[at + i] - mean, gain, shift);
    }
    if (addend != null) {
      add(addend, addendAt, to, toAt, count);
    }
    if (relu) {
      relu(to, toAt, count);
    }
  }

  @Override
  public void normGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float mean,
      float slope,
      float all,
      float[] to,
      int toAt,
      int count,
      boolean adds) {
    if (adds) {
      for (int i = 0; i < count; i++) {
        float rest = Math.fma(x[xAt + i] - mean, slope, all);
        to[toAt + i] += Math.fma(g[at + i], gain, rest);
      }
    } else {
      for (int i = 0; i < count; i++) {
        float rest = Math.fma(x[xAt + i] - mean, slope, all);
        to[toAt + i] = Math.fma(g[at + i], gain, rest);
      }
    }
  }

  @Override
  public void multiple(
      float[] x, int at, float factor, float[] to, int toAt, int count, boolean adds) {
    if (adds) {
      for (int i = 0; i < count; i++) {
        to[toAt + i] = Math.fma(x[at + i], factor, to[toAt + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[toAt + i] = x[at + i] * factor;
      }
    }
  }

  @Override
  public void product(
      float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count, boolean adds) {
    if (adds) {
      for (int i = 0; i < count; i++) {
        to[toAt + i] = Math.fma(x[at + i], y[yAt + i], to[toAt + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[toAt + i] = x[at + i] * y[yAt + i];
      }
    }
  }

  @Override
  public void ofBytes(
      byte[] from, int at, float shift, float scale, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = ((from[at + i] & 0xff) - shift) * scale;
    }
  }

  @Override
  public void largest(float[] x, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = Math.max(to[toAt + i], x[at + i]);
    }
  }

  @Override
  public void toWanted(
      float[] x,
      int at,
      float[] wanted,
      float[] gradient,
      int gradientAt,
      float[] to,
      int toAt,
      int count) {
    toWanted(x, at, wanted, gradient, gradientAt, to, toAt, 0, count);
  }

  static void toWanted(
      float[] x,
      int at,
      float[] wanted,
      float[] gradient,
      int gradientAt,
      float[] to,
      int toAt,
      int from,
      int count) {
    for (int i = from; i < count; i++) {
      if (x[at + i] == wanted[i]) {
        to[toAt + i] += gradient[gradientAt + i];
        wanted[i] = Float.NaN;
      }
    }
  }
}
