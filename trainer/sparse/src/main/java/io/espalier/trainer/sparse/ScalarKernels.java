package io.espalier.trainer.sparse;

import java.util.Arrays;

/** Kernels for any machine; {@code Math.fma} gives the bits of vector instructions. */
final class ScalarKernels implements Kernels {
  private static final int BLOCK = 64;

  private final float[] sums = new float[BLOCK];
  private final ScalarRows rows = new ScalarRows();
  private final ScalarPositionRows positionRows = new ScalarPositionRows();
  private final String description;

  ScalarKernels(String reason) {
    description = "scalar (" + reason + ")";
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void gather(Gather pass, int batch, int inAt, int outAt, int maskAt, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      int length = Math.min(BLOCK, count - done);
      block(pass, batch, inAt + done, outAt + done, maskAt + done, length, sums);
    }
  }

  /** One block of at most {@code sums.length} values of every output. */
  static void block(
      Gather pass, int batch, int inAt, int outAt, int maskAt, int length, float[] sums) {
    block(pass, 0, pass.outputs(), batch, inAt, outAt, maskAt, length, sums);
  }

  /** One block of outputs {@code [first, last)}. */
  static void block(
      Gather pass,
      int first,
      int last,
      int batch,
      int inAt,
      int outAt,
      int maskAt,
      int length,
      float[] sums) {
    float[] out = pass.out;
    float[] in = pass.in;
    float[] mask = pass.mask;
    for (int o = first; o < last; o++) {
      int target = outAt + o * pass.outPlane;
      if (pass.adds) {
        System.arraycopy(out, target, sums, 0, length);
      } else {
        Arrays.fill(sums, 0, length, pass.bias == null ? 0 : pass.bias[o]);
      }
      for (int k = pass.starts[o]; k < pass.starts[o + 1]; k++) {
        float value = pass.value(k);
        int from = pass.offsets[k] * batch + inAt;
        for (int i = 0; i < length; i++) {
          sums[i] = Math.fma(in[from + i], value, sums[i]);
        }
      }
      if (pass.relu) {
        for (int i = 0; i < length; i++) {
          sums[i] = Math.max(sums[i], 0f);
        }
      }
      if (mask != null) {
        int at = maskAt + o * pass.maskPlane;
        for (int i = 0; i < length; i++) {
          sums[i] = mask[at + i] > 0 ? sums[i] : 0;
        }
      }
      System.arraycopy(sums, 0, out, target, length);
    }
  }

  @Override
  public void runs(Gather pass, int[] inAt, int[] outAt, int length) {
    for (int run = 0; run < inAt.length; run++) {
      gather(pass, 1, inAt[run], outAt[run], 0, length);
    }
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
    for (int k = from; k < to; k++) {
      Arrays.fill(sums, 0, PARTIALS, 0);
      for (int s = 0; s < segments; s++) {
        int x = in.at + s * in.step + offsets[k] * batch;
        int y = outGradient.at + s * outGradient.step;
        for (int i = 0; i < length; i += PARTIALS) {
          for (int lane = 0; lane < PARTIALS; lane++) {
            sums[lane] =
                Math.fma(in.values[x + i + lane], outGradient.values[y + i + lane], sums[lane]);
          }
        }
      }
      gradient[k] += tree();
    }
  }

  @Override
  public float sum(Run values, int segments, int length) {
    Arrays.fill(sums, 0, PARTIALS, 0);
    for (int s = 0; s < segments; s++) {
      int x = values.at + s * values.step;
      for (int i = 0; i < length; i += PARTIALS) {
        for (int lane = 0; lane < PARTIALS; lane++) {
          sums[lane] += values.values[x + i + lane];
        }
      }
    }
    return tree();
  }

  @Override
  public float products(Run x, float xMean, Run y, float yMean, int segments, int length) {
    Arrays.fill(sums, 0, PARTIALS, 0);
    for (int s = 0; s < segments; s++) {
      int xAt = x.at + s * x.step;
      int yAt = y.at + s * y.step;
      for (int i = 0; i < length; i += PARTIALS) {
        for (int lane = 0; lane < PARTIALS; lane++) {
          float a = x.values[xAt + i + lane] - xMean;
          float b = y.values[yAt + i + lane] - yMean;
          sums[lane] = Math.fma(a, b, sums[lane]);
        }
      }
    }
    return tree();
  }

  @Override
  public void keepPositive(float[] gradient, int at, float[] output, int outputAt, int count) {
    for (int i = 0; i < count; i++) {
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

  private float tree() {
    for (int distance = PARTIALS / 2; distance > 0; distance /= 2) {
      for (int i = 0; i < distance; i++) {
        sums[i] += sums[i + distance];
      }
    }
    return sums[0];
  }
}
