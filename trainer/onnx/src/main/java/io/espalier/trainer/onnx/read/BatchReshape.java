package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A value in another shape, which says where the batch is then. Where the file fixes the batch's
 * length, as 2, a shape has only numbers: the batch is where the values in front of it end.
 */
final class BatchReshape {
  private final BatchPlace from;
  private final long[] target;
  private final long batch;

  /** The target without references to axes before. */
  private final long[] lengths;

  private final long size;

  BatchReshape(BatchPlace from, long[] target, long batch) {
    OnnxConstant.requireRank(Collections.nCopies(target.length, 1));
    this.from = from;
    this.target = target;
    this.batch = batch;
    this.lengths = target.clone();
    this.size = OnnxConstant.size(from.dimensions());
    List<Long> given = from.lengths();
    for (int i = 0; i < lengths.length && i < given.size(); i++) {
      lengths[i] = lengths[i] == 0 ? given.get(i) : lengths[i];
    }
  }

  BatchPlace result() {
    int place = axisOfBatch();
    long[] others = withoutBatch(place);
    // An axis of length 1 may be anywhere.
    long before = batch == 1 ? upTo(others, place) : from.before();
    List<List<Integer>> axes = new ArrayList<>();
    for (int i = 0; i < others.length; i++) {
      axes.add(
          i == place ? around(before, upTo(others, i - 1), others[i]) : List.of(whole(others[i])));
    }
    BatchPlace result = new BatchPlace(axes);
    if (place < 0 || upTo(others, others.length - 1) != size || result.before() != before) {
      throw new GraphException(
          "its shape must be that of the batch and the same values: shape=%s, input=%s"
              .formatted(BatchPlace.shown(target), BatchPlace.shown(from)));
    }
    return result;
  }

  /** −1 if there is none. */
  private int axisOfBatch() {
    int free = -1;
    for (int i = 0; i < lengths.length; i++) {
      if (OnnxConstant.isBatches(lengths[i])) {
        return i;
      }
      free = lengths[i] == -1 ? i : free;
    }
    return batch == 0 ? free : axisOfFixedBatch(free);
  }

  private int axisOfFixedBatch(int free) {
    long before = from.before();
    long passed = 1;
    int single = 0;
    int reaching = -1;
    for (int i = lengths.length - 1; i >= 0; i--) {
      single = lengths[i] == 1 ? i : single;
    }
    for (int i = 0; i < lengths.length; i++) {
      long length = i == free ? left(free) : lengths[i];
      if (length == batch && passed == before) {
        return i;
      }
      passed = Math.multiplyExact(passed, length);
      reaching = length % batch == 0 && passed > before && reaching < 0 ? i : reaching;
    }
    return batch > 1 ? reaching : single;
  }

  /** The length that is left for an axis, with the batch. */
  private long left(int free) {
    long known = 1;
    for (int i = 0; i < lengths.length; i++) {
      known = Math.multiplyExact(known, i == free ? 1 : lengths[i]);
    }
    return known > 0 ? size * batch / known : 0;
  }

  /** Lengths without the batch, and what is left in place of −1. */
  private long[] withoutBatch(int place) {
    long[] others = lengths.clone();
    if (place >= 0 && others[place] != -1) {
      others[place] =
          OnnxConstant.isBatches(others[place])
              ? OnnxConstant.batchesIn(others[place])
              : others[place] / Math.max(1, batch);
    }
    for (int i = 0; i < others.length; i++) {
      if (others[i] == -1) {
        others[i] = 1;
        others[i] = size / Math.max(1, upTo(others, others.length - 1));
      }
    }
    return others;
  }

  private static long upTo(long[] lengths, int last) {
    long product = 1;
    for (int i = 0; i <= last; i++) {
      product = Math.multiplyExact(product, lengths[i]);
    }
    return product;
  }

  /** The lengths that an axis with the batch is the product of. */
  private static List<Integer> around(long before, long passed, long others) {
    long front = before / Math.max(1, passed);
    List<Integer> axis = new ArrayList<>();
    if (front > 1) {
      axis.add(whole(front));
    }
    axis.add(BatchPlace.BATCH);
    if (front > 0 && others / front > 1) {
      axis.add(whole(others / front));
    }
    return axis;
  }

  private static int whole(long length) {
    if (length < 1 || length > Integer.MAX_VALUE) {
      throw new GraphException("an axis must have a length: length=" + length);
    }
    return (int) length;
  }
}
