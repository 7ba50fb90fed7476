package io.espalier.trainer.sparse;

import org.jspecify.annotations.Nullable;

/**
 * A pass of kept weights over inputs. Output {@code o} sums the weights {@code [starts[o], starts[o
 * + 1])}; its values lie {@code o · outPlane} values behind those of output 0.
 */
final class Gather {
  final int[] starts;
  final int[] offsets;
  final SharedRows shared;

  /** As {@link #shared}, for {@link Kernels#dots}, whose tiles cost less to begin and to end. */
  final SharedRows sharedSums;

  float[] values;

  /** Where the value of each weight stands in {@code values}; in the order of weights if absent. */
  int @Nullable [] places;

  /** Whether the values of each row's weights lie side by side with those of the row before. */
  boolean areAdjacent;

  float[] in = new float[0];
  float[] out = new float[0];
  int outPlane;

  /** The values that sums start with; absent where they have no bias. */
  float @Nullable [] bias;

  /** Whether sums start with what the output holds. */
  boolean adds;

  boolean relu;

  /** Results are 0 where these are not above 0; no mask if absent. */
  float @Nullable [] mask;

  int maskPlane;

  Gather(int[] starts, int[] offsets, float[] values) {
    this.starts = starts;
    this.offsets = offsets;
    this.values = values;
    shared = SharedRows.of(starts, offsets, SharedRows.TO_GATHER);
    sharedSums = SharedRows.of(starts, offsets, SharedRows.TO_SUM);
  }

  float value(int weight) {
    return values[places == null ? weight : places[weight]];
  }

  /** From the value of a weight to that of the next row, in a tile that starts with {@code row}. */
  int rowStep(int row) {
    int first = starts[row];
    int next = starts[row + 1];
    if (places == null || first == next) {
      return next - first;
    }
    return places[next] - places[first];
  }

  int outputs() {
    return starts.length - 1;
  }
}
