package io.espalier.trainer.sparse;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Kept weights laid out for one example: outputs of similar counts stand in slices of eight, whose
 * weights alternate, so that eight sums grow at a time from memory that is read in order (Kreutzer,
 * Hager, Wellein, Fehske, Bishop, "A unified sparse matrix data format for efficient general sparse
 * matrix-vector multiplication on modern processors with wide SIMD units", 2014). Each sum keeps
 * the order of its weights, and thereby its bits.
 *
 * <pre>
 *  slice of outputs a … h, of which a has the fewest weights, n
 *  offsets, values:      a0 b0 … h0  a1 b1 … h1  …  a(n−1) b(n−1) … h(n−1)
 *  rests, one by one:    b(n) …   c(n) …   h(n) …
 * </pre>
 */
final class SlicedRows {
  private static final int LANES = 8;

  /** By slice and lane; an output may stand twice, so that the last slice is whole. */
  private final int[] outputs;

  private final int[] starts;
  private final int[] offsets;
  private final float[] values;
  private final int[] restStarts;
  private final int[] restOffsets;
  private final float[] restValues;

  /** Copies the weights as they are. */
  SlicedRows(int[] rowStarts, int[] rowOffsets, float[] rowValues) {
    outputs = outputs(rowStarts);
    starts = new int[outputs.length / LANES + 1];
    restStarts = new int[outputs.length + 1];
    for (int i = 0; i < outputs.length; i++) {
      int slice = i / LANES;
      int common = length(rowStarts, outputs[slice * LANES]);
      starts[slice + 1] = starts[slice] + common * LANES;
      restStarts[i + 1] = restStarts[i] + length(rowStarts, outputs[i]) - common;
    }
    offsets = new int[starts[starts.length - 1]];
    values = new float[offsets.length];
    restOffsets = new int[restStarts[outputs.length]];
    restValues = new float[restOffsets.length];
    for (int i = 0; i < outputs.length; i++) {
      int slice = i / LANES;
      int row = rowStarts[outputs[i]];
      int common = (starts[slice + 1] - starts[slice]) / LANES;
      for (int k = 0; k < common; k++) {
        int at = starts[slice] + k * LANES + i % LANES;
        offsets[at] = rowOffsets[row + k];
        values[at] = rowValues[row + k];
      }
      int rest = restStarts[i + 1] - restStarts[i];
      System.arraycopy(rowOffsets, row + common, restOffsets, restStarts[i], rest);
      System.arraycopy(rowValues, row + common, restValues, restStarts[i], rest);
    }
  }

  private static int length(int[] rowStarts, int output) {
    return rowStarts[output + 1] - rowStarts[output];
  }

  private static int[] outputs(int[] rowStarts) {
    int count = rowStarts.length - 1;
    int[] byLength =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingInt(output -> length(rowStarts, output)))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] result = new int[(count + LANES - 1) / LANES * LANES];
    for (int i = 0; i < result.length; i++) {
      int first = Math.max(0, Math.min(i / LANES * LANES, count - LANES));
      result[i] = byLength[Math.min(first + i % LANES, count - 1)];
    }
    return result;
  }

  /** One value of every output, as {@link Kernels#gather} of a batch of 1. */
  void gather(Gather pass, int inAt, int outAt) {
    float[] in = pass.in;
    float floor = pass.relu ? 0 : Float.NEGATIVE_INFINITY;
    for (int slice = 0; slice + 1 < starts.length; slice++) {
      int first = slice * LANES;
      float a = bias(pass, first);
      float b = bias(pass, first + 1);
      float c = bias(pass, first + 2);
      float d = bias(pass, first + 3);
      float e = bias(pass, first + 4);
      float f = bias(pass, first + 5);
      float g = bias(pass, first + 6);
      float h = bias(pass, first + 7);
      int end = starts[slice + 1];
      for (int k = starts[slice]; k < end; k += LANES) {
        a = Math.fma(in[offsets[k] + inAt], values[k], a);
        b = Math.fma(in[offsets[k + 1] + inAt], values[k + 1], b);
        c = Math.fma(in[offsets[k + 2] + inAt], values[k + 2], c);
        d = Math.fma(in[offsets[k + 3] + inAt], values[k + 3], d);
        e = Math.fma(in[offsets[k + 4] + inAt], values[k + 4], e);
        f = Math.fma(in[offsets[k + 5] + inAt], values[k + 5], f);
        g = Math.fma(in[offsets[k + 6] + inAt], values[k + 6], g);
        h = Math.fma(in[offsets[k + 7] + inAt], values[k + 7], h);
      }
      finish(pass, inAt, outAt, first, floor, a);
      finish(pass, inAt, outAt, first + 1, floor, b);
      finish(pass, inAt, outAt, first + 2, floor, c);
      finish(pass, inAt, outAt, first + 3, floor, d);
      finish(pass, inAt, outAt, first + 4, floor, e);
      finish(pass, inAt, outAt, first + 5, floor, f);
      finish(pass, inAt, outAt, first + 6, floor, g);
      finish(pass, inAt, outAt, first + 7, floor, h);
    }
  }

  private float bias(Gather pass, int i) {
    return pass.bias == null ? 0 : pass.bias[outputs[i]];
  }

  private void finish(Gather pass, int inAt, int outAt, int i, float floor, float common) {
    float sum = common;
    int end = restStarts[i + 1];
    for (int k = restStarts[i]; k < end; k++) {
      sum = Math.fma(pass.in[restOffsets[k] + inAt], restValues[k], sum);
    }
    pass.out[outAt + outputs[i] * pass.outPlane] = Math.max(sum, floor);
  }
}
