package io.espalier.bench.service;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How many metric points a second come from the outbox to a consumer; each step has two. */
final class Throughput {
  private static final int WANTED = 50_000;
  private static final int POINTS_PER_STEP = 2;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path directory;
  private final BrokerAccess broker;
  private final int steps;

  Throughput(Path directory, BrokerAccess broker, int steps) {
    this.directory = directory;
    this.broker = broker;
    this.steps = steps;
  }

  Figure measure(int stepsPerEvent, int rounds) throws IOException {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double seconds = round("points-" + stepsPerEvent + "-" + round, stepsPerEvent);
      if (round > 0) {
        rates.add(POINTS_PER_STEP * steps / seconds);
      }
    }
    return new Figure(
        "metric points from outbox to consumer / %,d a second, %d steps an event"
            .formatted(WANTED, stepsPerEvent),
        "one run",
        Measurements.of(rates.stream().map(rate -> rate / WANTED).toList()),
        String.format(Locale.ROOT, "%,.0f points/s", Measurements.of(rates).median()),
        Budget.atLeast(1));
  }

  private double round(String name, int stepsPerEvent) throws IOException {
    RunId run = new RunId(name);
    List<Double> values = Collections.nCopies(stepsPerEvent, 1 / 3.0);
    int events = steps / stepsPerEvent;
    try (Outbox outbox = Outbox.open(directory.resolve(name), run, Clock.systemUTC());
        Shipper shipper = Shipper.start(directory.resolve(name), () -> Optional.of(broker))) {
      outbox.append(measured(0, values));
      shipper.drain(LIMIT);
      try (EventTail tail = EventTail.of(name, broker, true)) {
        tail.next();
        long startNs = System.nanoTime();
        for (int event = 0; event < events; event++) {
          outbox.append(measured(1 + (long) event * stepsPerEvent, values));
        }
        for (int event = 0; event < events; event++) {
          tail.next();
        }
        return (System.nanoTime() - startNs) / 1e9;
      }
    }
  }

  private static StepsMeasured measured(long firstStep, List<Double> values) {
    return new StepsMeasured(0, firstStep, values, values, 0.1, 0.01, 1e4, Optional.empty());
  }
}
