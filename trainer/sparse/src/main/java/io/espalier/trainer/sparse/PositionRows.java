package io.espalier.trainer.sparse;

/**
 * Loops over runs for layers of sequences, where each value has a mean, a factor or a partner of
 * its own. All implementations give the same bits, as those of {@link Rows} do.
 */
interface PositionRows {
  /** Sets {@code (x − mean) · factor}. */
  void normalised(
      float[] x,
      int at,
      float[] mean,
      int meanAt,
      float[] factor,
      int factorAt,
      float[] to,
      int toAt,
      int count);

  /** Sets or adds {@code (gain · g − slope · x − shift) · factor}. */
  void normGradient(
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
      boolean adds);

  /**
   * Replaces terms, whose rows of lanes follow each other, by their softmax of each lane: {@code
   * e^(x − largest)}, where differences are limited to {@code [−87, 88]}, by their sum.
   */
  void softmax(float[] values, int at, int terms, int lanes);

  /** Replaces the weights {@code w} of a softmax by {@code (g − Σ g · w) · w · scale}. */
  void softmaxGradient(
      float[] g, int at, float[] weights, int weightsAt, int terms, int lanes, float scale);

  void gelu(float[] x, int at, float[] to, int toAt, int count);

  void silu(float[] x, int at, float[] to, int toAt, int count);

  /** Sets at most 1024 first values of {@code to}, a multiple of 16, and may use as many again. */
  void geluSlopes(float[] x, int at, float[] to, int count);

  /** Sets at most 1024 first values of {@code to}, a multiple of 16. */
  void siluSlopes(float[] x, int at, float[] to, int count);

  /** Computes {@code products}. */
  void sum(LaneProducts products);
}
