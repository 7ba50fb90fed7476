package io.espalier.trainer.sparse;

/** Loops over runs of values that compilers turn into vector instructions of any width. */
final class Rows {
  private Rows() {}

  static void copy(float[] from, int at, float[] to, int toAt, int count, boolean adds) {
    if (!adds) {
      System.arraycopy(from, at, to, toAt, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i] += from[at + i];
    }
  }

  static void sum(float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = x[at + i] + y[yAt + i];
    }
  }

  static void relu(float[] values, int at, int count) {
    for (int i = 0; i < count; i++) {
      values[at + i] = Math.max(values[at + i], 0f);
    }
  }

  /** {@code (x − mean) · gain + shift}. */
  static void scaled(
      float[] x, int at, float mean, float gain, float shift, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = Math.fma(x[at + i] - mean, gain, shift);
    }
  }

  /** {@code gain · g + slope · (x − mean) + all}. */
  static void normGradient(
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

  /** Sets or adds {@code x · factor}. */
  static void multiple(
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

  /** Sets or adds {@code x · y}. */
  static void product(
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

  static void largest(float[] x, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = Math.max(to[toAt + i], x[at + i]);
    }
  }
}
