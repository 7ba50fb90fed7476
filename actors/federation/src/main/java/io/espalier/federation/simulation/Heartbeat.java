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

/** Does something again and again beside the thread that plays the rounds. */
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

  /** Does {@code work} first one interval from now. */
  void every(Duration interval, Runnable work) {
    beats.add(
        thread.scheduleAtFixedRate(
            () -> tried(work), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** What fails here for good fails for the rounds too, and ends them. */
  private static void tried(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOGGER.warn("a heartbeat failed, and the next is tried: {}", e.getMessage());
    }
  }

  /** Returns when no beat is under way. */
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
