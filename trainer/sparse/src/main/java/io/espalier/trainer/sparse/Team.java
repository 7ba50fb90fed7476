package io.espalier.trainer.sparse;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that compute passes together, of which the caller's is the first. The others wait for the
 * next pass awake for some microseconds, since passes follow each other, and then asleep.
 */
final class Team implements AutoCloseable {
  /** The system property that has all passes divided, for tests. */
  static final String ALWAYS = "io.espalier.sparse.always-divided";

  /** Passes of fewer multiply-adds end before the other threads are awake. */
  private static final long LEAST = 10_000_000;

  /** Rounds of waiting in which a thread stays awake, then those in which it lets others run. */
  private static final int AWAKE = 2_000;

  private static final int YIELDING = 2_200;

  /** How long a thread sleeps that waits for others within a pass. */
  private static final long NAP_NANOS = 50_000;

  private final List<Part> parts;
  private final Part whole;
  private final boolean always = Boolean.getBoolean(ALWAYS);
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger passes = new AtomicInteger();
  private List<Thread> threads = List.of();
  private Consumer<Part> pass = part -> {};
  private volatile int meetings;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  Team(int threads) {
    parts =
        IntStream.range(0, threads)
            .mapToObj(index -> new Part(this, index, threads, KernelChoice.kernels()))
            .toList();
    whole = new Part(this, 0, 1, parts.get(0).kernels());
  }

  int threads() {
    return parts.size();
  }

  /** A part that is all of a pass, for the calling thread. */
  Part whole() {
    return whole;
  }

  /**
   * Runs all parts of a pass of so many multiply-adds, or the whole in the calling thread where
   * that is faster; returns when all have ended.
   *
   * @param pace of passes of the same kind
   * @throws RuntimeException the first failure of a thread; the others stop where they next meet
   */
  void run(Consumer<Part> next, long macs, Pace pace) {
    if (parts.size() == 1 || (macs < LEAST && !always)) {
      next.accept(whole);
      return;
    }
    boolean divides = always || pace.divides();
    long start = System.nanoTime();
    if (divides) {
      divided(next);
    } else {
      next.accept(whole);
    }
    pace.took(divides, (double) (System.nanoTime() - start) / macs);
  }

  private void divided(Consumer<Part> next) {
    pass = next;
    arrived.set(0);
    failure = null;
    running.set(parts.size() - 1);
    passes.incrementAndGet();
    wake();
    run(parts.get(0));
    for (int round = 0; running.get() > 0; round++) {
      await(round, true);
    }
    Throwable cause = failure;
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause != null) {
      throw (RuntimeException) cause;
    }
  }

  private void wake() {
    if (threads.isEmpty()) {
      threads = parts.stream().skip(1).map(this::thread).toList();
      threads.forEach(Thread::start);
    } else {
      threads.forEach(LockSupport::unpark);
    }
  }

  private Thread thread(Part part) {
    Thread thread = new Thread(() -> serve(part), "espalier-step-" + part.index());
    thread.setDaemon(true);
    return thread;
  }

  private void serve(Part part) {
    int done = 0;
    while (true) {
      for (int round = 0; passes.get() == done && !closed; round++) {
        await(round, false);
      }
      if (closed) {
        return;
      }
      done++;
      run(part);
      running.decrementAndGet();
    }
  }

  private void run(Part part) {
    try {
      pass.accept(part);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        failure = failure == null ? e : failure;
      }
    }
  }

  void meet() {
    int before = meetings;
    if (arrived.incrementAndGet() == parts.size()) {
      arrived.set(0);
      meetings = before + 1;
    }
    for (int round = 0; meetings == before && failure == null; round++) {
      await(round, true);
    }
    if (failure != null) {
      throw new IllegalStateException("another thread of the pass has failed");
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Only how long it waits depends on the scheduler.
  private static void await(int round, boolean withinPass) {
    if (round < AWAKE) {
      Thread.onSpinWait();
    } else if (round < YIELDING) {
      Thread.yield();
    } else if (withinPass) {
      LockSupport.parkNanos(NAP_NANOS);
    } else {
      LockSupport.park();
    }
  }

  /** Ends the threads; no pass may be running. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(LockSupport::unpark);
  }
}
