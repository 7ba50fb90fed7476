package io.espalier.federation.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats tasks beside the thread of the simulation. */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);
  private static final long END_SECONDS = 5;

  private final List<Future<?>> beats = new ArrayList<>();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "espalier-heartbeat");
            daemon.setDaemon(true);
            return daemon;
          });

  /** Repeats {@code work}, first after one interval. */
  void every(Duration interval, Runnable work) {
    beats.add(
        thread.scheduleAtFixedRate(
            () -> tried(work), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** A lasting failure ends the rounds too. */
  private static void tried(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOGGER.warn("a heartbeat failed, and the next is tried: {}", e.getMessage());
    }
  }

  /** Returns when no task is running. */
  @Override
  public void close() {
    beats.forEach(beat -> beat.cancel(false));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.warn("a heartbeat hangs and is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
