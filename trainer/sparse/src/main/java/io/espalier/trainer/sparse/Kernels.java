package io.espalier.trainer.sparse;

import java.util.Arrays;

/**
 * The loops in which the time of a step goes. All implementations give the same bits:
 *
 * <ul>
 *   <li>products are added by fused multiply-add, in the order of the kept weights;
 *   <li>a sum over examples keeps {@link #PARTIALS} partial sums, by the index of a value modulo
 *       16, and adds those 16 apart as {@code (s[i] + s[i + 8])}, then 4, 2 and 1 apart.
 * </ul>
 *
 * <p>An instance has scratch memory and belongs to one thread.
 */
interface Kernels {
  int PARTIALS = 16;

  /** Describes the loops to users: the SIMD width, or the reason why there is none. */
  String description();

  /**
   * For every output of {@code pass} and {@code count} values from the given positions on: {@code
   * out = start + Σ value · input}, then ReLU or the mask of a ReLU if the pass has them.
   */
  void gather(Gather pass, int batch, int inAt, int outAt, int maskAt, int count);

  /**
   * Gathers as {@link #gather} for a batch of 1 and several runs of {@code length} values: one from
   * each of the given positions. Sums start with the bias or 0, and no mask applies. May read 16
   * values behind a run.
   */
  void runs(Gather pass, int[] inAt, int[] outAt, int length);

  /**
   * Adds to {@code gradient[from, to)} the products of one row of the output's gradient with the
   * input of each weight: the sum over {@code segments} runs of {@code length} values, a multiple
   * of 16.
   */
  void dots(
      int[] offsets,
      int from,
      int to,
      int batch,
      Run in,
      Run outGradient,
      int segments,
      int length,
      float[] gradient);

  /**
   * Sets {@code gradient} to the products of one row of the gradient of outputs {@code [first,
   * last)} with the input of each of their weights, or adds them, as {@link #dots} does for one
   * output.
   *
   * @param outGradient runs of output 0; those of the next output lie {@code outPlane} behind
   */
  default void dots(
      Gather pass,
      int first,
      int last,
      int batch,
      Run in,
      Run outGradient,
      int outPlane,
      int segments,
      int length,
      float[] gradient,
      boolean adds) {
    if (!adds) {
      Arrays.fill(gradient, pass.starts[first], pass.starts[last], 0);
    }
    int at = outGradient.at;
    for (int o = first; o < last; o++) {
      outGradient.at = at + o * outPlane;
      int from = pass.starts[o];
      int to = pass.starts[o + 1];
      dots(pass.offsets, from, to, batch, in, outGradient, segments, length, gradient);
    }
    outGradient.at = at;
  }

  /** The sum of {@code segments} runs of {@code length} values, a multiple of 16. */
  float sum(Run values, int segments, int length);

  /** The sum of {@code (x − xMean) · (y − yMean)} over runs like those of {@link #sum}. */
  float products(Run x, float xMean, Run y, float yMean, int segments, int length);

  /** Sets values of {@code gradient} to 0 where {@code output} is not above 0. */
  void keepPositive(float[] gradient, int at, float[] output, int outputAt, int count);

  /** Loops over values that are computed one by one. */
  Rows rows();

  /** Loops of layers of sequences. */
  PositionRows positionRows();

  /** Where runs of values lie; mutable, so that a step allocates none. */
  final class Run {
    float[] values;
    int at;
    int step;

    Run() {
      values = new float[0];
    }

    Run set(float[] values, int at, int step) {
      this.values = values;
      this.at = at;
      this.step = step;
      return this;
    }
  }
}
