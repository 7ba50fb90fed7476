package io.espalier.federation.simulation;

import io.espalier.federation.transfer.ProgressTimeout;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a task beside the thread of the simulation. */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);
  private static final long END_SECONDS = 5;

  private final ScheduledExecutorService timer = ProgressTimeout.timer("espalier-heartbeat");

  /** Starts after one interval; a task that fails is repeated all the same. */
  void start(Duration interval, Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOGGER.warn("a heartbeat failed, and the next is tried: {}", e.getMessage());
          }
        };
    var unused =
        timer.scheduleAtFixedRate(
            guarded, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns when the task is not running. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.warn("a heartbeat hangs and is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
