package io.espalier.service.api;

import io.espalier.service.data.DataSets;
import io.espalier.service.data.DirectorySize;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk of the runs and the events that Kafka lacks, as of the last {@link #refresh}. The
 * directories of runs are measured at most once a minute. Thread-safe.
 */
final class StorageMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(StorageMetrics.class);
  private static final long WALK_INTERVAL_NS = Duration.ofMinutes(1).toNanos();

  private final NodeFiles files;
  private final DataSets data;
  private final LongSupplier nanoTime;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile long sizeBytes;
  private volatile long freeBytes;
  private volatile long runBytes;
  private volatile long backlogBytes;
  private volatile long dataBytes;
  private long walkedNs;

  /** The places that are measured. */
  record Places(NodeFiles files, DataSets data) {}

  StorageMetrics(Places places, MeterRegistry registry, LongSupplier nanoTime) {
    this.files = places.files();
    this.data = places.data();
    this.nanoTime = nanoTime;
    this.walkedNs = nanoTime.getAsLong() - WALK_INTERVAL_NS;
    bytes(registry, "espalier.disk.size", "Size of the disk that holds the runs", () -> sizeBytes);
    bytes(registry, "espalier.disk.free", "Free space on the disk of the runs", () -> freeBytes);
    bytes(registry, "espalier.disk.runs", "Files of all runs, once a minute", () -> runBytes);
    bytes(registry, "espalier.disk.data", "Files of all uploaded data sets", () -> dataBytes);
    bytes(
        registry,
        "espalier.kafka.backlog",
        "Events in files of this Espalier home that Kafka has not acknowledged",
        () -> backlogBytes);
  }

  private static void bytes(
      MeterRegistry registry, String name, String description, LongSupplier value) {
    Gauge.builder(name, value::getAsLong)
        .description(description)
        .baseUnit("bytes")
        .register(registry);
  }

  /**
   * Reads the figures anew, unless another thread does; those that cannot be read keep their
   * values. Blocks.
   */
  void refresh() {
    if (!reading.tryLock()) {
      return;
    }
    try {
      FileStore store = Files.getFileStore(files.runs());
      sizeBytes = store.getTotalSpace();
      freeBytes = store.getUsableSpace();
      dataBytes = data.bytes();
      backlogBytes = files.backlog().bytes();
      if (nanoTime.getAsLong() - walkedNs >= WALK_INTERVAL_NS) {
        runBytes = DirectorySize.of(files.runs());
        walkedNs = nanoTime.getAsLong();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the disk of the runs must be readable: runs={}, cause={}", files.runs(), e);
    } finally {
      reading.unlock();
    }
  }
}
