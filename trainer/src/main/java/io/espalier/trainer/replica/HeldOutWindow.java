package io.espalier.trainer.replica;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamRecord;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/** The newest held-out examples of a stream. Confined to one thread. */
final class HeldOutWindow {
  private final int most;
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  record Held(StreamRecord.Example example, StreamPosition before) {}

  HeldOutWindow(int most) {
    this.most = most;
  }

  void add(Held newest) {
    held.add(newest);
    if (held.size() > most) {
      held.remove();
    }
  }

  void clear() {
    held.clear();
  }

  /** The position from which reading restores this window; empty if the window is empty. */
  Optional<StreamPosition> from() {
    return Optional.ofNullable(held.peek()).map(Held::before);
  }

  Examples examples(int features, Normalization normalization) {
    float[] values = new float[held.size() * features];
    int[] labels = new int[held.size()];
    Iterator<Held> each = held.iterator();
    for (int i = 0; i < labels.length; i++) {
      StreamRecord.Example example = each.next().example();
      example.copyTo(values, i * features);
      labels[i] = example.label();
    }
    return Examples.ofFloats(values, labels).normalisedBy(normalization);
  }
}
