package io.espalier.trainer.replica;

import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamRecord;
import java.util.ArrayDeque;
import java.util.List;
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

  /** The examples, oldest first; one or more. */
  List<StreamRecord.Example> examples() {
    return held.stream().map(Held::example).toList();
  }
}
