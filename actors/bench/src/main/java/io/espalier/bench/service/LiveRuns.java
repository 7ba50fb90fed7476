package io.espalier.bench.service;

import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/** Runs that publish events as training does, until they are closed. */
final class LiveRuns implements AutoCloseable {
  static final int COUNT = 4;

  private static final int PARAMETERS = 20;
  private static final int STEPS_PER_EVENT = 25;

  /**
   * Longer than the pause of a shipper, so that each event is the newest of its message and none
   * gets a later one's time; no multiple of it, so that the two meet at all distances.
   */
  private static final long PERIOD_MS = 770;

  private static final int EVENTS_PER_UPDATE = 8;
  private static final int LAST_VERSION = 1_000;
  private static final long TOTAL_STEPS = 100_000;
  private static final SimulatedNetwork NETWORK = new SimulatedNetwork(PARAMETERS);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<Outbox> outboxes = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private Optional<Future<?>> telling = Optional.empty();
  private int events;

  private LiveRuns() {}

  static String run(int number) {
    return "live-%d".formatted(number);
  }

  static LiveRuns start(Path directory, BrokerAccess broker) throws IOException {
    var runs = new LiveRuns();
    try {
      for (int number = 0; number < COUNT; number++) {
        runs.open(directory.resolve(run(number)), new RunId(run(number)), broker);
      }
    } catch (IOException | RuntimeException e) {
      runs.close();
      throw e;
    }
    runs.telling =
        Optional.of(
            runs.thread.scheduleAtFixedRate(runs::tell, 0, PERIOD_MS, TimeUnit.MILLISECONDS));
    return runs;
  }

  @Override
  public void close() {
    telling.ifPresent(each -> each.cancel(false));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    CloseHelper.closeAll(opened);
  }

  private void open(Path directory, RunId run, BrokerAccess broker) throws IOException {
    Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
    opened.push(outbox);
    outboxes.add(outbox);
    outbox.append(
        new RunStarted(
            run.value(),
            1,
            1,
            TOTAL_STEPS,
            1_000,
            NETWORK.units(),
            NETWORK.finalKept(),
            0.95,
            List.of("bench", "live")));
    outbox.append(NETWORK.described());
    opened.push(Shipper.start(directory, () -> Optional.of(broker)));
  }

  private void tell() {
    events++;
    long step = (long) events * STEPS_PER_EVENT;
    int version = events / EVENTS_PER_UPDATE;
    for (Outbox outbox : outboxes) {
      outbox.append(NETWORK.steps(step - STEPS_PER_EVENT + 1, STEPS_PER_EVENT));
      outbox.append(NETWORK.sync(step, version));
      if (events % EVENTS_PER_UPDATE == 0) {
        outbox.append(NETWORK.update(step, version, LAST_VERSION));
        outbox.append(NETWORK.evaluation(step, version));
        outbox.append(
            new ResourcesMeasured(
                0.5, 1 << 28, 1 << 29, 0, 40, 0, 1 << 27, OptionalLong.of(1L << 36), 0, 2));
      }
    }
  }
}
