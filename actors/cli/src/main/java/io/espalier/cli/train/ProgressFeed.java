package io.espalier.cli.train;

import io.espalier.telemetry.event.Event;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Passes events to their consumer on a thread of its own: a terminal that stands still must not
 * stop training. What comes before {@link #start} waits; what finds the queue full is not shown.
 * Thread-safe.
 */
final class ProgressFeed implements Consumer<Event>, AutoCloseable {
  private static final int CAPACITY = 4096;
  private static final long POLL_MS = 100;
  private static final long LAST_LOOK_MS = 1000;

  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;
  private volatile Consumer<Event> target = event -> {};
  private volatile boolean closed;
  private final AtomicLong dropped = new AtomicLong();

  public ProgressFeed() {
    thread = new Thread(this::run, "espalier-progress");
    thread.setDaemon(true);
  }

  @Override
  public void accept(Event event) {
    if (!waiting.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  long dropped() {
    return dropped.get();
  }

  /** Shows what waits and what comes. */
  public void start(Consumer<Event> shower) {
    target = shower;
    thread.start();
  }

  /** Shows the remaining events, for at most a second, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LAST_LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        Event event = waiting.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (event != null) {
          target.accept(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
