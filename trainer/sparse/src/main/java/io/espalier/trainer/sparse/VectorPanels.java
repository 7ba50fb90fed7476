package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;
import static io.espalier.trainer.sparse.VectorPanelLoops.GROUP;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#gather} for many outputs that all read the same inputs: inputs are copied to
 * panels that stay in the first-level cache while all outputs add them; {@link VectorPanelLoops}
 * has the loops.
 */
final class VectorPanels {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int ROWS = SharedRows.ROWS;

  /** Vectors of a tile, most first: as many sums as registers hold, of which AVX2 has 16. */
  private static final int[] WIDTHS = L == 8 ? new int[] {2, 1} : new int[] {4, 2, 1};

  /** Inputs of a panel: 24 kB. */
  private static final int PANEL = 6144 / (WIDTHS[0] * L);

  private final CacheLines lines = new CacheLines();
  private final float[] panel = new float[PANEL * WIDTHS[0] * L + CacheLines.FLOATS];
  private final float[] group = new float[PANEL * GROUP + CacheLines.FLOATS];

  /** A sum of what was read ahead, so that compilers keep the reads. */
  private float readAhead;

  /** Returns how many values are done: all whole vectors. */
  int gather(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int maskAt, int count) {
    int done = 0;
    for (int vectors : WIDTHS) {
      for (; done + vectors * L <= count; done += vectors * L) {
        VectorTiles.start(pass, first, last, outAt + done, vectors * L);
        add(pass, first, last, batch, inAt + done, outAt + done, vectors);
        VectorTiles.finish(pass, first, last, outAt + done, maskAt + done, vectors * L);
      }
    }
    return done;
  }

  private void add(Gather pass, int first, int last, int batch, int inAt, int outAt, int vectors) {
    int from = pass.starts[first];
    int length = pass.starts[first + 1] - from;
    int width = vectors * L;
    int at = lines.start(panel);
    for (int done = 0; done < length; done += PANEL) {
      int count = Math.min(PANEL, length - done);
      for (int k = 0; k < count; k++) {
        copy(pass.in, pass.offsets[from + done + k] * batch + inAt, panel, at + k * width, width);
      }
      if (pass.places == null) {
        addRows(pass, first, last, done, count, at, outAt, vectors);
      } else {
        addGroups(pass, first, last, done, count, at, outAt, vectors);
      }
    }
  }

  /** Adds a panel to outputs whose weights lie one behind the other. */
  private void addRows(
      Gather pass, int first, int last, int done, int count, int in, int outAt, int vectors) {
    float[] values = pass.values;
    float[] out = pass.out;
    int plane = pass.outPlane;
    int row = pass.starts[first + 1] - pass.starts[first];
    for (int o = first; o < last; o += ROWS) {
      int from = pass.starts[o] + done;
      if (o + ROWS < last) {
        readAhead += read(values, from + ROWS * row, row, count);
      }
      int to = outAt + o * plane;
      switch (vectors) {
        case 4 -> VectorPanelLoops.four(values, from, row, count, panel, in, out, to, plane);
        case 2 -> VectorPanelLoops.two(values, from, row, count, panel, in, out, to, plane);
        default -> VectorPanelLoops.one(values, from, row, count, panel, in, out, to, plane);
      }
    }
  }

  /** Reads weights of a tile while the tile before is computed. */
  private static float read(float[] values, int at, int row, int count) {
    float sum = 0;
    for (int from = at; from < at + ROWS * row; from += row) {
      for (int k = 0; k < count; k += CacheLines.FLOATS) {
        sum += values[from + k];
      }
      sum += values[from + count - 1];
    }
    return sum;
  }

  /**
   * Adds a panel to outputs whose weights for one input lie side by side, and far from those for
   * the next: the weights of several tiles are copied together.
   */
  private void addGroups(
      Gather pass, int first, int last, int done, int count, int in, int outAt, int vectors) {
    int[] places = Objects.requireNonNull(pass.places);
    float[] out = pass.out;
    int plane = pass.outPlane;
    int at = lines.start(group);
    for (int o = first; o < last; o += GROUP) {
      int rows = Math.min(GROUP, last - o);
      int from = pass.starts[o] + done;
      for (int k = 0; k < count; k++) {
        copyWeights(pass.values, places[from + k], at + k * GROUP, rows);
      }
      for (int row = 0; row < rows; row += ROWS) {
        int to = outAt + (o + row) * plane;
        switch (vectors) {
          case 4 -> VectorPanelLoops.fourOfGroup(group, at + row, count, panel, in, out, to, plane);
          case 2 -> VectorPanelLoops.twoOfGroup(group, at + row, count, panel, in, out, to, plane);
          default -> VectorPanelLoops.oneOfGroup(group, at + row, count, panel, in, out, to, plane);
        }
      }
    }
  }

  private void copyWeights(float[] from, int at, int to, int count) {
    if (count == GROUP) {
      copy(from, at, group, to, GROUP);
    } else {
      System.arraycopy(from, at, group, to, count);
    }
  }

  private static void copy(float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector.fromArray(S, from, at + i).intoArray(to, toAt + i);
    }
  }
}
