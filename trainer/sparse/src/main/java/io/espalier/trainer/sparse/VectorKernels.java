package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;

/**
 * Kernels on the Vector API. {@link KernelChoice} makes it, by its name, only where the module is
 * there.
 */
final class VectorKernels implements Kernels {
  private final VectorGather gather = new VectorGather();
  private final VectorRuns runs = new VectorRuns();
  private final VectorSums sums = new VectorSums();
  private final VectorTileSums tileSums = new VectorTileSums();
  private final VectorRows rows = new VectorRows();
  private final VectorPositionRows positionRows = new VectorPositionRows();

  @Override
  public String description() {
    return "SIMD of " + 32 * LANES + " bits";
  }

  @Override
  public void gather(Gather pass, int batch, int inAt, int outAt, int maskAt, int count) {
    gather.gather(pass, batch, inAt, outAt, maskAt, count);
  }

  @Override
  public void runs(Gather pass, int[] inAt, int[] outAt, int length) {
    runs.runs(pass, inAt, outAt, length);
  }

  @Override
  public void dots(
      int[] offsets,
      int from,
      int to,
      int batch,
      Run in,
      Run outGradient,
      int segments,
      int length,
      float[] gradient) {
    sums.dots(offsets, from, to, batch, in, outGradient, segments, length, gradient);
  }

  @Override
  public void dots(
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
    int[] bounds = pass.sharedSums.bounds();
    int from = first;
    for (int i = 0; i < bounds.length && from < last; i++) {
      int to = Math.min(bounds[i], last);
      if (to <= from) {
        continue;
      }
      if (i % 2 == 1) {
        boolean isUniform = pass.sharedSums.isUniform(i);
        tileSums.dots(
            pass,
            from,
            to,
            isUniform,
            batch,
            in,
            outGradient,
            outPlane,
            segments,
            length,
            gradient,
            adds);
      } else {
        Kernels.super.dots(
            pass, from, to, batch, in, outGradient, outPlane, segments, length, gradient, adds);
      }
      from = to;
    }
  }

  @Override
  public float sum(Run values, int segments, int length) {
    return sums.sum(values, segments, length);
  }

  @Override
  public float products(Run x, float xMean, Run y, float yMean, int segments, int length) {
    return sums.products(x, xMean, y, yMean, segments, length);
  }

  @Override
  public void keepPositive(float[] gradient, int at, float[] output, int outputAt, int count) {
    int whole = count - count % LANES;
    VectorGather.positive(gradient, at, output, outputAt, whole);
    for (int i = whole; i < count; i++) {
      gradient[at + i] = output[outputAt + i] > 0 ? gradient[at + i] : 0;
    }
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public PositionRows positionRows() {
    return positionRows;
  }
}
