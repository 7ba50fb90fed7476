package io.espalier.telemetry.kafka;

import io.espalier.telemetry.kafka.TopicReader.TopicLostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Read-ahead queues, one per partition, bounded in records and bytes. One thread fills them,
 * another takes from them.
 */
final class RecordQueues<T> {
  private static final int MOST_RECORDS = 2_000;
  private static final long MOST_BYTES = 32L << 20;

  private final List<Queue<T>> queues = new ArrayList<>();
  private final long mostBytes;
  private Optional<String> failure = Optional.empty();

  private record Entry<T>(T content, int bytes) {}

  private static final class Queue<T> {
    private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();
    private long bytes;
  }

  RecordQueues(int partitions) {
    for (int i = 0; i < partitions; i++) {
      queues.add(new Queue<>());
    }
    mostBytes = MOST_BYTES / partitions;
  }

  synchronized void add(int index, T content, int bytes) {
    Queue<T> queue = queues.get(index);
    queue.entries.add(new Entry<>(content, bytes));
    queue.bytes += bytes;
    notifyAll();
  }

  synchronized boolean isFull(int index) {
    Queue<T> queue = queues.get(index);
    return queue.entries.size() >= MOST_RECORDS || queue.bytes >= mostBytes;
  }

  synchronized boolean hasRoom(int index) {
    Queue<T> queue = queues.get(index);
    return queue.entries.size() < MOST_RECORDS / 2 && queue.bytes <= mostBytes / 2;
  }

  /** Ends the queues; records already read are still returned. */
  synchronized void fail(String reason) {
    failure = Optional.of(reason);
    notifyAll();
  }

  /**
   * Returns a partition's oldest record; empty if none came within {@code limit}.
   *
   * @throws TopicLostException if none will come any more
   */
  synchronized Optional<T> take(int index, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Queue<T> queue = queues.get(index);
    while (queue.entries.isEmpty()) {
      if (failure.isPresent()) {
        throw new TopicLostException(failure.get());
      }
      long leftMs = Math.floorDiv(deadline - System.nanoTime(), 1_000_000L);
      if (leftMs <= 0) {
        return Optional.empty();
      }
      wait(leftMs);
    }
    Entry<T> entry = queue.entries.remove();
    queue.bytes -= entry.bytes();
    return Optional.of(entry.content());
  }
}
