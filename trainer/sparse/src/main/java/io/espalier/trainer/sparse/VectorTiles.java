package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;

import java.util.stream.IntStream;

/**
 * {@link Kernels#gather} for outputs of which four at a time read the same inputs, by one to four
 * vectors; {@link VectorTileLoops} has the loops.
 */
final class VectorTiles {
  private static final int L = LANES;

  /** Vectors of a tile, most first: as many sums as registers hold, of which AVX2 has 16. */
  private static final int[] WIDTHS = L == 16 ? new int[] {4, 2, 1} : new int[] {3, 2, 1};

  /** Outputs below which copying inputs takes longer than it saves. */
  private static final int LEAST_ROWS = 32;

  /**
   * Inputs that lie in the first-level cache where they are: few enough for those of neighbouring
   * cells, which share its places.
   */
  private static final int IN_PLACE = 72;

  private final VectorPanels panels = new VectorPanels();
  private int[] inOrder = new int[0];

  /** Returns how many values are done: all whole vectors. */
  int gather(
      Gather pass,
      int first,
      int last,
      boolean isUniform,
      int batch,
      int inAt,
      int outAt,
      int maskAt,
      int count) {
    if (isUniform && last - first >= LEAST_ROWS && (pass.places == null || pass.areAdjacent)) {
      return panels.gather(pass, first, last, batch, inAt, outAt, maskAt, count);
    }
    int done = 0;
    for (int vectors : WIDTHS) {
      for (; done + vectors * L <= count; done += vectors * L) {
        start(pass, first, last, outAt + done, vectors * L);
        if (!isUniform) {
          add(pass, first, last, batch, inAt + done, outAt + done, vectors);
        } else if (first < last) {
          addInPlace(pass, first, last, batch, inAt + done, outAt + done, vectors);
        }
        finish(pass, first, last, outAt + done, maskAt + done, vectors * L);
      }
    }
    return done;
  }

  static void start(Gather pass, int first, int last, int outAt, int count) {
    for (int o = first; !pass.adds && o < last; o++) {
      VectorGather.start(pass, o, outAt + o * pass.outPlane, count);
    }
  }

  static void finish(Gather pass, int first, int last, int outAt, int maskAt, int count) {
    for (int o = first; o < last; o++) {
      VectorGather.finish(pass, outAt + o * pass.outPlane, maskAt + o * pass.maskPlane, count);
    }
  }

  private void add(Gather pass, int first, int last, int batch, int inAt, int outAt, int vectors) {
    for (int o = first; o < last; o += SharedRows.ROWS) {
      int from = pass.starts[o];
      int to = pass.starts[o + 1];
      add(pass, o, 0, pass.offsets, from, to, batch, pass.in, inAt, outAt, vectors);
    }
  }

  /** Adds as many inputs to all tiles as stay in the first-level cache, then the next. */
  private void addInPlace(
      Gather pass, int first, int last, int batch, int inAt, int outAt, int vectors) {
    int from = pass.starts[first];
    int length = pass.starts[first + 1] - from;
    for (int done = 0; done < length; done += IN_PLACE) {
      int at = from + done;
      int end = at + Math.min(IN_PLACE, length - done);
      for (int o = first; o < last; o += SharedRows.ROWS) {
        add(pass, o, done, pass.offsets, at, end, batch, pass.in, inAt, outAt, vectors);
      }
    }
  }

  /** Adds entries {@code [from, to)}, the first of which is the {@code entry}-th of each row. */
  private void add(
      Gather pass,
      int o,
      int entry,
      int[] offsets,
      int from,
      int to,
      int batch,
      float[] in,
      int inAt,
      int outAt,
      int vectors) {
    int[] own = pass.places;
    int start = pass.starts[o];
    int[] places = own == null ? inOrder(entry + to - from) : own;
    int placeAt = own == null ? entry : start + entry;
    int base = own == null ? start : 0;
    int step = pass.rowStep(o);
    int plane = pass.outPlane;
    int at = outAt + o * plane;
    float[] values = pass.values;
    float[] out = pass.out;
    switch (vectors) {
      case 4 ->
          VectorTileLoops.four(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      case 3 ->
          VectorTileLoops.three(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      case 2 ->
          VectorTileLoops.two(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
      default ->
          VectorTileLoops.one(
              values, places, placeAt, base, step, offsets, from, to, batch, in, inAt, out, at,
              plane);
    }
  }

  private int[] inOrder(int count) {
    if (inOrder.length < count) {
      inOrder = IntStream.range(0, count).toArray();
    }
    return inOrder;
  }
}
