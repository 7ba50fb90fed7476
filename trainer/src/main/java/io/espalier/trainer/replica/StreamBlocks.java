package io.espalier.trainer.replica;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.stream.HoldOut;
import io.espalier.trainer.stream.StreamCursor;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a stream into one block per step: {@code trainers × size} training examples, trainer k's
 * from {@code k × size} on, and held-out ones between them. Confined to one thread.
 */
final class StreamBlocks implements AutoCloseable {
  private final StreamCursor cursor;
  private final HoldOut holdOut;
  private final Share share;
  private final float[] values;
  private final int[] labels;
  private List<HeldOutWindow.Held> held = new ArrayList<>();
  private int taken;

  record Share(int trainer, int trainers, int size, int features, Normalization normalization) {}

  record Block(Examples own, List<HeldOutWindow.Held> held, StreamPosition after) {
    Block {
      held = List.copyOf(held);
    }
  }

  StreamBlocks(StreamCursor cursor, HoldOut holdOut, Share share) {
    this.cursor = cursor;
    this.holdOut = holdOut;
    this.share = share;
    this.values = new float[share.size() * share.features()];
    this.labels = new int[share.size()];
  }

  Optional<Block> next(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (taken < share.size() * share.trainers()) {
      boolean isHeld = holdOut.contains(cursor.accepted());
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<StreamRecord.Example> example = cursor.next(left);
      if (example.isEmpty()) {
        return Optional.empty();
      }
      if (isHeld) {
        held.add(new HeldOutWindow.Held(example.get(), cursor.beforeLast()));
      } else {
        take(example.get());
      }
    }
    return Optional.of(complete());
  }

  /** Reads on to {@code end}; false if that took longer than {@code limit}: call it again. */
  boolean refill(HeldOutWindow window, StreamPosition end, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (cursor.accepted() < end.accepted()) {
      boolean isHeld = holdOut.contains(cursor.accepted());
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<StreamRecord.Example> example = cursor.next(left);
      if (example.isEmpty()) {
        return false;
      }
      if (isHeld) {
        window.add(new HeldOutWindow.Held(example.get(), cursor.beforeLast()));
      }
    }
    return true;
  }

  StreamPosition position() {
    return cursor.position();
  }

  private void take(StreamRecord.Example example) {
    if (taken / share.size() == share.trainer()) {
      int row = taken % share.size();
      example.copyTo(values, row * share.features());
      labels[row] = example.label();
    }
    taken++;
  }

  private Block complete() {
    Examples own = Examples.ofFloats(values, labels).normalisedBy(share.normalization());
    Block block = new Block(own, held, cursor.position());
    held = new ArrayList<>();
    taken = 0;
    return block;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
