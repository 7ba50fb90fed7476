package io.espalier.service.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures how long runs wait in the queue, and the writes of one node to the journal. A write that
 * fails stays pending until its writer has recovered from the journal. Thread-safe.
 */
public final class NodeMeters {
  private static final Duration[] WAITS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1)
  };
  private static final Duration[] WRITES = {
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private final Timer waits;
  private final Timer writes;
  private final LongSupplier nanoTime;
  private final Map<String, Long> begunNs = new ConcurrentHashMap<>();

  public NodeMeters(MeterRegistry registry) {
    this(registry, System::nanoTime);
  }

  NodeMeters(MeterRegistry registry, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    waits =
        Timer.builder("espalier.queue.wait")
            .description("Time in the queue of each run that started, from its queueing on")
            .serviceLevelObjectives(WAITS)
            .maximumExpectedValue(WAITS[WAITS.length - 1])
            .register(registry);
    writes =
        Timer.builder("espalier.journal.write")
            .description("Time of each write to the journal")
            .serviceLevelObjectives(WRITES)
            .register(registry);
    Gauge.builder("espalier.journal.pending", begunNs, Map::size)
        .description("Runs, and the scheduler, whose last write the journal has not confirmed")
        .register(registry);
    Gauge.builder("espalier.journal.lag", this, NodeMeters::lagSeconds)
        .description("Age of the oldest write that the journal has not confirmed")
        .baseUnit("seconds")
        .register(registry);
  }

  void started(Duration wait) {
    waits.record(wait.isNegative() ? Duration.ZERO : wait);
  }

  void writing(String persistenceId) {
    begunNs.putIfAbsent(persistenceId, nanoTime.getAsLong());
  }

  void written(String persistenceId) {
    Long begun = begunNs.remove(persistenceId);
    if (begun != null) {
      writes.record(nanoTime.getAsLong() - begun, TimeUnit.NANOSECONDS);
    }
  }

  void recovered(String persistenceId) {
    begunNs.remove(persistenceId);
  }

  private double lagSeconds() {
    long now = nanoTime.getAsLong();
    long oldest = begunNs.values().stream().mapToLong(begun -> now - begun).max().orElse(0);
    return oldest / 1e9;
  }
}
