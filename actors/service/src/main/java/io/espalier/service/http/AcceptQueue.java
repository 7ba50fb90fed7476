package io.espalier.service.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Connections that are accepted and wait for their HTTP layer, whose start takes many times as long
 * as an accept. The newest starts first, as in adaptive LIFO (Maurer, Fail at Scale, 2015): the
 * first request after a burst does not wait until the burst is served. Thread-safe.
 */
final class AcceptQueue {
  private final int mostStarting;
  private final int mostWaiting;
  private final Executor threads;
  private final Deque<Connection> waiting = new ArrayDeque<>();
  private int starting;

  /** A connection without HTTP. */
  interface Connection {
    /** Starts HTTP; {@code started} must run once, when the start has ended. */
    void start(Runnable started);

    /** Closes the socket without an answer; must not block. */
    void shed();
  }

  /** Starts at most {@code mostStarting} at once, on {@code threads}. */
  AcceptQueue(int mostStarting, int mostWaiting, Executor threads) {
    this.mostStarting = mostStarting;
    this.mostWaiting = mostWaiting;
    this.threads = threads;
  }

  /** Adds a connection, and sheds the oldest if too many wait. */
  void add(Connection connection) {
    Optional<Connection> over;
    synchronized (this) {
      waiting.addLast(connection);
      over = waiting.size() > mostWaiting ? Optional.of(waiting.removeFirst()) : Optional.empty();
    }
    over.ifPresent(Connection::shed);
    startNext();
  }

  /** Sheds all that wait. */
  void shedAll() {
    List<Connection> all;
    synchronized (this) {
      all = List.copyOf(waiting);
      waiting.clear();
    }
    all.forEach(Connection::shed);
  }

  private void startNext() {
    next().ifPresent(each -> threads.execute(() -> each.start(this::started)));
  }

  private synchronized Optional<Connection> next() {
    if (starting == mostStarting || waiting.isEmpty()) {
      return Optional.empty();
    }
    starting++;
    return Optional.of(waiting.removeLast());
  }

  private void started() {
    synchronized (this) {
      starting--;
    }
    startNext();
  }
}
