package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Arrays;

/**
 * A value over steps in bounded memory that keeps every peak. When there are too many points,
 * aligned stretches of equally many steps keep their smallest and largest value and one NaN; the
 * newest point always stays. The width doubles whenever needed. A point of a later attempt voids
 * those of older attempts from its step on, in any order of arrival; a second point of the same
 * attempt and step replaces the first. Not thread-safe.
 */
final class Points implements VoidedSteps.Values {
  static final int MOST = 2_000;

  private final VoidedSteps voided;
  private final Segments segments = new Segments();
  private long[] steps = new long[8];
  private double[] values = new double[8];
  private int size;
  private int settled;
  private long width = 1;
  private long revision;

  Points(VoidedSteps voided) {
    this.voided = voided;
    voided.register(this);
  }

  void put(int attempt, long step, double value) {
    if (voided.isVoid(attempt, step) || segments.isTaken(attempt, step)) {
      return;
    }
    dropProvisional();
    long own = segments.firstOf(attempt);
    if (segments.begin(attempt, step)) {
      segments.discard(attempt, step);
      remove(step, own);
    }
    insert(step, value);
    settled = size;
  }

  /** Adds a point that holds until the next one that is not provisional. */
  void putProvisional(int attempt, long step, double value) {
    if (size == MOST || (size > 0 && steps[size - 1] >= step)) {
      put(attempt, step, value);
    } else if (!voided.isVoid(attempt, step) && !segments.isTaken(attempt, step)) {
      append(step, value);
    }
  }

  void dropProvisional() {
    if (settled < size) {
      size = settled;
      revision++;
    }
  }

  @Override
  public void discard(int attempt, long firstVoid) {
    dropProvisional();
    segments.discard(attempt, firstVoid);
    remove(firstVoid, segments.firstOf(attempt));
  }

  private void remove(long fromStep, long toStep) {
    int from = indexOf(fromStep);
    int to = Math.max(from, indexOf(toStep));
    if (from < to) {
      shift(to, from - to);
      settled = size;
      revision++;
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  long lastStep() {
    return steps[size - 1];
  }

  double lastValue() {
    return size == 0 ? Double.NaN : values[size - 1];
  }

  long step(int index) {
    return steps[index];
  }

  double value(int index) {
    return values[index];
  }

  long stepBefore(long step, long otherwise) {
    int index = indexOf(step);
    return index == 0 ? otherwise : steps[index - 1];
  }

  /** Changes whenever points before the newest one changed other than by thinning. */
  long revision() {
    return revision;
  }

  /** Returns all points as {@code [[steps], [values]]}, null where a value is not finite. */
  ArrayNode json() {
    return from(0);
  }

  ArrayNode after(long step) {
    return from(indexOf(step + 1));
  }

  private ArrayNode from(int first) {
    ArrayNode table = ViewJson.array();
    ArrayNode xs = table.addArray();
    ArrayNode ys = table.addArray();
    for (int i = first; i < size; i++) {
      xs.add(steps[i]);
      if (Double.isFinite(values[i])) {
        ys.add(values[i]);
      } else {
        ys.addNull();
      }
    }
    return table;
  }

  private int indexOf(long step) {
    int found = Arrays.binarySearch(steps, 0, size, step);
    return found < 0 ? -found - 1 : found;
  }

  private void insert(long step, double value) {
    int at = indexOf(step);
    if (at < size && steps[at] == step) {
      if (Double.compare(values[at], value) != 0) {
        values[at] = value;
        revision++;
      }
      return;
    }
    if (at == size) {
      append(step, value);
    } else {
      shift(at, 1);
      steps[at] = step;
      values[at] = value;
      revision++;
    }
    if (width > 1) {
      thinAround(at);
    }
    while (size > MOST) {
      width *= 2;
      thinAll();
    }
  }

  private void append(long step, double value) {
    shift(size, 1);
    steps[size - 1] = step;
    values[size - 1] = value;
  }

  private void shift(int index, int by) {
    if (size + by > steps.length) {
      int length = Math.min(MOST + 1, 2 * steps.length);
      steps = Arrays.copyOf(steps, length);
      values = Arrays.copyOf(values, length);
    }
    System.arraycopy(steps, index, steps, index + by, size - index);
    System.arraycopy(values, index, values, index + by, size - index);
    size += by;
  }

  private long stretch(int index) {
    return Math.floorDiv(steps[index], width);
  }

  /** Thins a new point's stretch, and the one before it. */
  private void thinAround(int index) {
    int from = startOf(index);
    int to = index + 1;
    while (to < size && stretch(to) == stretch(index)) {
      to++;
    }
    if (from > 0) {
      int before = startOf(from - 1);
      int removed = from - before - keep(before, from, before);
      shift(from, -removed);
      from -= removed;
      to -= removed;
    }
    int end = from + keep(from, to, from);
    shift(to, end - to);
  }

  private int startOf(int index) {
    int from = index;
    while (from > 0 && stretch(from - 1) == stretch(index)) {
      from--;
    }
    return from;
  }

  private void thinAll() {
    int kept = 0;
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && stretch(to) == stretch(from)) {
        to++;
      }
      kept += keep(from, to, kept);
      from = to;
    }
    size = kept;
    revision++;
  }

  /**
   * Moves a stretch's kept points to {@code target}, which is not beyond it; returns their number.
   */
  private int keep(int from, int to, int target) {
    int low = -1;
    int high = -1;
    int gap = -1;
    for (int i = from; i < to; i++) {
      if (!Double.isFinite(values[i])) {
        gap = gap < 0 ? i : gap;
      } else {
        low = low < 0 || values[i] < values[low] ? i : low;
        high = high < 0 || values[i] > values[high] ? i : high;
      }
    }
    int kept = target;
    for (int i = from; i < to; i++) {
      if (i == low || i == high || i == gap || i == size - 1) {
        steps[kept] = steps[i];
        values[kept] = values[i];
        kept++;
      }
    }
    return kept - target;
  }
}
