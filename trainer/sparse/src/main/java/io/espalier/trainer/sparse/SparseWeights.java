package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.trainer.network.Unfold;

/**
 * The kept weights of one parameter as rows of a matrix, one per output: where each row starts, and
 * for each weight the cell of the input that it reads for the output's first position. Weights
 * stand in the mask's order, so that values are those of the parameter itself.
 *
 * <p>The transpose, for the gradient of the data, has rows per input channel. With a stride, each
 * phase (input rows and columns modulo the stride) is reached by weights of its own. An index lasts
 * until the mask changes.
 */
final class SparseWeights {
  private static final float[] NONE = {};

  private final Unfold window;
  private final Tensor in;
  private final Tensor out;
  private final int perOutput;
  private final int[] starts;
  private final int[] offsets;
  private final Transpose[] transposes;

  /** Weights that reach the input cells {@code (rowPhase + s · i, columnPhase + s · j)}. */
  static final class Transpose {
    final int rowPhase;
    final int columnPhase;
    final Gather gather;
    private final int[] permutation;

    private Transpose(
        int rowPhase, int columnPhase, int[] starts, int[] offsets, int[] permutation) {
      this.rowPhase = rowPhase;
      this.columnPhase = columnPhase;
      this.permutation = permutation;
      gather = new Gather(starts, offsets, NONE);
      gather.places = permutation;
      if (!gather.shared.areAll() || !areEvenlySpaced()) {
        gather.places = null;
        gather.values = new float[permutation.length];
      }
      gather.areAdjacent = gather.places != null && gather.shared.isUniform(1) && areAdjacent();
    }

    private boolean areAdjacent() {
      int[] starts = gather.starts;
      int row = starts[1];
      for (int i = row; i < permutation.length; i++) {
        if (permutation[i] != permutation[i - row] + 1) {
          return false;
        }
      }
      return permutation.length == row * gather.outputs();
    }

    /**
     * Whether, in each tile, the weights of a row stand as far apart as those of the row before.
     */
    private boolean areEvenlySpaced() {
      int[] starts = gather.starts;
      for (int row = 0; row < gather.outputs(); row += SharedRows.ROWS) {
        for (int i = 1; i < SharedRows.ROWS; i++) {
          for (int k = 0; k < starts[row + 1] - starts[row]; k++) {
            int before = permutation[starts[row] + k];
            if (permutation[starts[row + i] + k] != before + i * gather.rowStep(row)) {
              return false;
            }
          }
        }
      }
      return true;
    }

    /** Takes a part of the values, which change with each step, if they are copied. */
    void load(float[] values, Part part) {
      if (gather.places != null) {
        return;
      }
      float[] target = gather.values;
      for (int i = part.from(target.length); i < part.to(target.length); i++) {
        target[i] = values[permutation[i]];
      }
    }
  }

  SparseWeights(Unfold window, Mask mask, Tensor in, Tensor out, boolean transposed) {
    this.window = window;
    this.in = in;
    this.out = out;
    perOutput = mask.size() / out.channels;
    starts = new int[out.channels + 1];
    offsets = new int[mask.kept()];
    index(mask);
    int stride = window.stride();
    transposes = new Transpose[transposed ? stride * stride : 0];
    for (int phase = 0; phase < transposes.length; phase++) {
      transposes[phase] = transpose(mask, phase / stride, phase % stride);
    }
  }

  /** Cells that the data gradient reads around the gradient of the output, along one axis. */
  static int gradientBorder(Unfold window, int length, int outputs) {
    int before = Math.floorDiv(window.kernel() - 1 - window.padding(), window.stride());
    int after = (length - 1 + window.padding()) / window.stride() - (outputs - 1);
    return Math.max(0, Math.max(before, after));
  }

  int[] starts() {
    return starts;
  }

  /** In cells; a batch of B examples lies at B times them. */
  int[] offsets() {
    return offsets;
  }

  Transpose[] transposes() {
    return transposes;
  }

  private void index(Mask mask) {
    int k = 0;
    for (int unit = mask.nextKept(0); unit >= 0; unit = mask.nextKept(unit + 1)) {
      offsets[k++] = offset(unit);
      starts[unit / perOutput + 1] = k;
    }
    for (int o = 1; o <= out.channels; o++) {
      starts[o] = Math.max(starts[o], starts[o - 1]);
    }
  }

  /** The cell that a unit, kept or pruned, reads for the first position. */
  int offset(int unit) {
    int shift = in.border() - window.padding();
    int row = kernelRow(unit) + shift;
    return channel(unit) * in.plane() + row * in.row() + kernelColumn(unit) + shift;
  }

  private Transpose transpose(Mask mask, int rowPhase, int columnPhase) {
    int[] ends = new int[in.channels + 1];
    for (int unit = mask.nextKept(0); unit >= 0; unit = mask.nextKept(unit + 1)) {
      if (reaches(unit, rowPhase, columnPhase)) {
        ends[channel(unit) + 1]++;
      }
    }
    for (int c = 0; c < in.channels; c++) {
      ends[c + 1] += ends[c];
    }
    int[] starts = ends.clone();
    int[] offsets = new int[starts[in.channels]];
    int[] permutation = new int[offsets.length];
    int k = 0;
    for (int unit = mask.nextKept(0); unit >= 0; unit = mask.nextKept(unit + 1), k++) {
      if (reaches(unit, rowPhase, columnPhase)) {
        int at = ends[channel(unit)]++;
        permutation[at] = k;
        offsets[at] = gradientOffset(unit, rowPhase, columnPhase);
      }
    }
    return new Transpose(rowPhase, columnPhase, starts, offsets, permutation);
  }

  private boolean reaches(int unit, int rowPhase, int columnPhase) {
    int padding = window.padding();
    return (rowPhase + padding - kernelRow(unit)) % window.stride() == 0
        && (columnPhase + padding - kernelColumn(unit)) % window.stride() == 0;
  }

  private int gradientOffset(int unit, int rowPhase, int columnPhase) {
    int padding = window.padding();
    int border = out.gradientBorder();
    int row = (rowPhase + padding - kernelRow(unit)) / window.stride() + border;
    int column = (columnPhase + padding - kernelColumn(unit)) / window.stride() + border;
    return unit / perOutput * out.gradientPlane() + row * out.gradientRow() + column;
  }

  private int channel(int unit) {
    int kernel = window.kernel();
    int group = unit / perOutput / (out.channels / window.groups());
    return group * (in.channels / window.groups()) + unit % perOutput / (kernel * kernel);
  }

  private int kernelRow(int unit) {
    return unit / window.kernel() % window.kernel();
  }

  private int kernelColumn(int unit) {
    return unit % window.kernel();
  }
}
