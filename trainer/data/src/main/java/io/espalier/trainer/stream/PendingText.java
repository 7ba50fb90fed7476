package io.espalier.trainer.stream;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The parts of a text that no window has passed yet, each with the position before its record. A
 * window is {@code length} tokens and the one behind them, with which the next window begins.
 * Confined to one thread.
 */
final class PendingText {
  private final int length;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private int begun;
  private long tokens;

  private record Part(StreamPosition before, StreamRecord.TextPart text) {}

  /** {@code begun} tokens of the first part lie before the first window. */
  PendingText(int length, int begun) {
    this.length = length;
    this.begun = begun;
    this.tokens = -begun;
  }

  void add(StreamPosition before, StreamRecord.TextPart text) {
    parts.add(new Part(before, text));
    tokens += text.count();
  }

  /** Takes the next window; empty if its tokens are not there yet. */
  Optional<StreamRecord.Example> next() {
    if (tokens <= length) {
      return Optional.empty();
    }
    float[] window = new float[length + 1];
    Iterator<Part> each = parts.iterator();
    StreamRecord.TextPart part = each.next().text();
    int at = begun;
    for (int i = 0; i <= length; i++) {
      while (at >= part.count()) {
        at -= part.count();
        part = each.next().text();
      }
      window[i] = part.token(at++);
    }
    pass(length);
    return Optional.of(new StreamRecord.Example(window, 0));
  }

  private void pass(int count) {
    tokens -= count;
    begun += count;
    while (begun >= parts.element().text().count()) {
      begun -= parts.remove().text().count();
    }
  }

  /** The position before the next window, {@code read} where no part of it is there yet. */
  StreamPosition position(StreamPosition read) {
    Part first = parts.peek();
    StreamPosition at = first == null ? read : first.before();
    return new StreamPosition(at.offsets(), at.turn(), read.accepted(), at.skipped(), begun);
  }
}
