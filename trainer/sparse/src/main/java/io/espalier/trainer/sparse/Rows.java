package io.espalier.trainer.sparse;

import org.jspecify.annotations.Nullable;

/**
 * Loops over runs of {@code count} values, each of which is computed alone; {@code at}, {@code
 * toAt} and their like say where a run starts. All implementations give the same bits. Runs must
 * not overlap unless they are the same.
 */
interface Rows {
  default void copy(float[] from, int at, float[] to, int toAt, int count, boolean adds) {
    if (adds) {
      add(from, at, to, toAt, count);
    } else {
      System.arraycopy(from, at, to, toAt, count);
    }
  }

  void add(float[] from, int at, float[] to, int toAt, int count);

  void sum(float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count);

  void relu(float[] values, int at, int count);

  /** {@code (x − mean) · gain + shift}, plus what is to be added, and ReLU of that if asked for. */
  void scaled(
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
      int count);

  /** Sets or adds {@code gain · g + slope · (x − mean) + all}. */
  void normGradient(
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
      boolean adds);

  /** Sets or adds {@code x · factor}. */
  void multiple(float[] x, int at, float factor, float[] to, int toAt, int count, boolean adds);

  /** Sets or adds {@code x · y}. */
  void product(
      float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count, boolean adds);

  /** Sets {@code (byte − shift) · scale} of bytes from 0 to 255. */
  void ofBytes(byte[] from, int at, float shift, float scale, float[] to, int toAt, int count);

  void largest(float[] x, int at, float[] to, int toAt, int count);

  /**
   * Adds a gradient where {@code x} is the wanted value, which then is not wanted any more: NaN.
   */
  void toWanted(
      float[] x,
      int at,
      float[] wanted,
      float[] gradient,
      int gradientAt,
      float[] to,
      int toAt,
      int count);
}
