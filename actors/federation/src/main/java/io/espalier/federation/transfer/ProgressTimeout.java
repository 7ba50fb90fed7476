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
 * Runs an action once nothing was heard for a while, unless it is stopped before. Thread-safe.
 *
 * <p>Progress costs one write; the timer looks at it when it fires and goes on if there was some.
 */
public final class ProgressTimeout {
  private final ScheduledExecutorService timer;
  private final long limitNs;
  private final Runnable expired;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile long heardNs = System.nanoTime();
  private volatile Optional<Future<?>> next = Optional.empty();

  private ProgressTimeout(ScheduledExecutorService timer, Duration limit, Runnable expired) {
    this.timer = timer;
    this.limitNs = limit.toNanos();
    this.expired = expired;
  }

  /** A timer of one thread for any number of watches; what it gets after its end it forgets. */
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

  /**
   * Watches from now on.
   *
   * @param expired called at most once, in the timer's thread; must not block
   */
  public static ProgressTimeout start(
      ScheduledExecutorService timer, Duration limit, Runnable expired) {
    ProgressTimeout watch = new ProgressTimeout(timer, limit, expired);
    watch.schedule(watch.limitNs);
    return watch;
  }

  /** The limit counts from now. */
  public void progress() {
    heardNs = System.nanoTime();
  }

  /** The action does not run any more. */
  public void stop() {
    over.set(true);
    next.ifPresent(task -> task.cancel(false));
  }

  private void look() {
    long leftNs = heardNs + limitNs - System.nanoTime();
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
