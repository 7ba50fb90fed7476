package io.espalier.telemetry.kafka;

import io.espalier.telemetry.outbox.WriterEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes an outbox to a broker from a daemon thread of its own.
 *
 * <p>It ships complete lines that are on the disk, in order, from the offset that the cluster last
 * acknowledged. While the broker is away it retries with growing pauses of at most {@link
 * #LONGEST_PAUSE}; writers of the outbox never wait for it. One shipper at a time works on a run
 * directory, also across processes; others wait for their turn. Holds one batch in memory.
 * Thread-safe.
 */
public final class Shipper implements AutoCloseable {
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  // Each batch costs about 2 ms of CPU, however small it is: events that come while one is shipped
  // wait for the next poll.
  private static final long POLL_MS = 750;
  private static final long DRAIN_MS = 10;

  private final Shipment shipment;
  private final Thread thread;
  private final Semaphore wake = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Supplier<Optional<BrokerAccess>> broker;
  private final Consumer<String> warnings;
  private volatile String problem = "";
  private volatile boolean reached;
  private final AtomicInteger refusals = new AtomicInteger();

  private Shipper(
      Path runDirectory,
      Supplier<Optional<BrokerAccess>> broker,
      Consumer<String> warnings,
      Optional<WriterEpoch> epoch) {
    this.shipment = new Shipment(runDirectory, broker, epoch);
    this.broker = broker;
    this.warnings = warnings;
    this.thread = new Thread(this::run, "espalier-shipper");
    thread.setDaemon(true);
  }

  /**
   * Starts to ship a run directory's outbox, which need not exist yet. {@code broker} is resolved
   * before each connection.
   */
  public static Shipper start(Path runDirectory, Supplier<Optional<BrokerAccess>> broker) {
    return start(runDirectory, broker, warning -> {}, Optional.empty());
  }

  /**
   * Starts to ship. {@code warnings} receives, once and from the shipper's thread, why a broker
   * refuses events; an outbox held by {@code epoch} must be taken over before.
   */
  public static Shipper start(
      Path runDirectory,
      Supplier<Optional<BrokerAccess>> broker,
      Consumer<String> warnings,
      Optional<WriterEpoch> epoch) {
    var shipper = new Shipper(runDirectory, broker, warnings, epoch);
    shipper.thread.start();
    return shipper;
  }

  public long lagBytes() {
    return Math.max(0, shipment.written() - shipment.acknowledged());
  }

  /** Returns why nothing is shipped now; empty if there is no problem. */
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  /**
   * Waits until the present content is acknowledged; false if that failed or took longer than
   * {@code limit}. A broker that never accepted anything gets one more attempt.
   */
  public boolean drain(Duration limit) {
    long target = shipment.written();
    long until = System.nanoTime() + limit.toNanos();
    int refusedBefore = refusals.get();
    wake.release();
    boolean waiting = true;
    while (waiting && shipment.acknowledged() < target) {
      boolean hopeless = !reached && refusals.get() > refusedBefore;
      waiting = !hopeless && System.nanoTime() < until && !isClosed(DRAIN_MS);
    }
    return shipment.acknowledged() >= target;
  }

  @Override
  public void close() {
    // In this order: a thread that sees the latch open clears an interrupt that has come.
    thread.interrupt();
    closed.countDown();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pauseMs = POLL_MS;
    while (!isClosed(0)) {
      try {
        boolean shipped = shipment.shipBatch();
        pauseMs = shipped && shipment.isBatchFull() ? 0 : POLL_MS;
        reached = reached || shipped;
        problem = "";
      } catch (IOException | RuntimeException e) {
        shipment.disconnect();
        problem = String.valueOf(e.getMessage());
        noteRefusal();
        pauseMs = Math.min(Math.max(POLL_MS, 2 * pauseMs), LONGEST_PAUSE.toMillis());
      }
      rest(pauseMs);
    }
    // A pending interrupt would keep the producer from closing.
    Thread.interrupted();
    shipment.close();
  }

  private void noteRefusal() {
    if (broker.get().isPresent() && !isClosed(0)) {
      if (refusals.getAndIncrement() == 0) {
        warnings.accept(problem);
      }
    }
  }

  private boolean isClosed(long waitMs) {
    try {
      return closed.await(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void rest(long pauseMs) {
    try {
      if (wake.tryAcquire(pauseMs, TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
