package io.espalier.trainer.replica;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.stream.HoldOut;
import io.espalier.trainer.stream.RecordFormat;
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
  private final List<StreamRecord.Example> own = new ArrayList<>();
  private List<HeldOutWindow.Held> held = new ArrayList<>();
  private int taken;

  /** Says which examples a trainer takes, and how they become inputs. */
  record Share(
      int trainer, int trainers, int size, RecordFormat format, Normalization normalization) {
    Examples examples(List<StreamRecord.Example> read) {
      return format.raw(read).normalisedBy(normalization);
    }
  }

  record Block(Examples own, List<HeldOutWindow.Held> held, StreamPosition after) {
    Block {
      held = List.copyOf(held);
    }
  }

  StreamBlocks(StreamCursor cursor, HoldOut holdOut, Share share) {
    this.cursor = cursor;
    this.holdOut = holdOut;
    this.share = share;
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
      own.add(example);
    }
    taken++;
  }

  private Block complete() {
    Block block = new Block(share.examples(own), held, cursor.position());
    own.clear();
    held = new ArrayList<>();
    taken = 0;
    return block;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
