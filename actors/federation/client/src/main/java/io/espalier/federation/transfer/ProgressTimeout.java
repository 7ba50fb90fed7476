package io.espalier.federation.transfer;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs an action after a time without progress, unless it is stopped before. Progress costs one
 * write; the timer checks it when it fires and continues if there was some. Thread-safe.
 */
public final class ProgressTimeout {
  private final ScheduledExecutorService timer;
  private final long limitNs;
  private final Runnable expired;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile long progressNs = System.nanoTime();
  private volatile Optional<Future<?>> next = Optional.empty();

  private ProgressTimeout(ScheduledExecutorService timer, Duration limit, Runnable expired) {
    this.timer = timer;
    this.limitNs = limit.toNanos();
    this.expired = expired;
  }

  /** A timer of one thread for any number of timeouts; it drops tasks after its end. */
  public static ScheduledExecutorService timer(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** {@code expired} runs at most once, in the timer's thread, and must not block. */
  public static ProgressTimeout start(
      ScheduledExecutorService timer, Duration limit, Runnable expired) {
    ProgressTimeout timeout = new ProgressTimeout(timer, limit, expired);
    timeout.schedule(timeout.limitNs);
    return timeout;
  }

  public void progress() {
    progressNs = System.nanoTime();
  }

  public void stop() {
    over.set(true);
    next.ifPresent(task -> task.cancel(false));
  }

  private void look() {
    long leftNs = progressNs + limitNs - System.nanoTime();
    if (leftNs > 0 && !over.get()) {
      schedule(leftNs);
    } else if (over.compareAndSet(false, true)) {
      expired.run();
    }
  }

  private void schedule(long delayNs) {
    next = Optional.of(timer.schedule(this::look, delayNs, TimeUnit.NANOSECONDS));
  }
}
