package io.espalier.telemetry.outbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Forces a file to disk for many appends at once from an idle-when-unchanged daemon thread.
 * Thread-safe.
 */
final class GroupSync implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofMillis(200);

  private final RandomAccessFile content;
  private final Thread thread;
  private boolean changed;
  private boolean closed;
  private @Nullable IOException failure;

  private GroupSync(RandomAccessFile content) {
    this.content = content;
    this.thread = new Thread(this::run, "espalier-outbox-sync");
    thread.setDaemon(true);
  }

  static GroupSync start(RandomAccessFile content) {
    var sync = new GroupSync(content);
    sync.thread.start();
    return sync;
  }

  synchronized void changed() {
    if (!changed) {
      changed = true;
      notifyAll();
    }
  }

  /** Forces now; throws a failure since the last call. */
  void sync() throws IOException {
    synchronized (this) {
      throwFailure();
      changed = false;
    }
    content.getFD().sync();
  }

  private void throwFailure() throws IOException {
    IOException met = failure;
    failure = null;
    if (met != null) {
      throw new IOException(met.getMessage(), met);
    }
  }

  private void run() {
    try {
      while (awaitChange()) {
        force();
      }
    } catch (InterruptedException e) {
      // Only the end of the process interrupts this thread.
      return;
    }
  }

  /** A failure is thrown by the owner's next flush or close. */
  private void force() {
    synchronized (this) {
      changed = false;
    }
    try {
      content.getFD().sync();
    } catch (IOException e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  private synchronized boolean awaitChange() throws InterruptedException {
    while (!changed && !closed) {
      wait();
    }
    long until = System.nanoTime() + INTERVAL.toNanos();
    while (!closed && System.nanoTime() < until) {
      wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
    }
    return !closed;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    sync();
  }
}
