package io.espalier.bench.service;

import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class EndedRuns {
  /** Series that a run has beside those of its parameters. */
  static final int OTHER_SERIES = 20;

  private static final int UPDATES = 20;
  private static final int STEPS_PER_UPDATE = 50;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path directory;
  private final BrokerAccess broker;
  private final SimulatedNetwork network;

  EndedRuns(Path directory, BrokerAccess broker, int series) {
    this.directory = directory;
    this.broker = broker;
    this.network = new SimulatedNetwork(series - OTHER_SERIES);
  }

  static String run(int number) {
    return "history-%04d".formatted(number);
  }

  void publish(int number) throws IOException {
    Path run = directory.resolve(run(number));
    Clock ago = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-(number + 10L)));
    try (Outbox outbox = Outbox.open(run, new RunId(run(number)), ago)) {
      write(outbox, number);
    }
    try (Shipper shipper = Shipper.start(run, () -> Optional.of(broker))) {
      if (!shipper.drain(LIMIT)) {
        throw new IOException(
            "a broker must take the events of a run within %d s: run=%s, cause=%s"
                .formatted(LIMIT.toSeconds(), run, shipper.problem().orElse("it is slow")));
      }
    }
  }

  private void write(Outbox outbox, int number) {
    long steps = (long) UPDATES * STEPS_PER_UPDATE;
    outbox.append(
        new RunStarted(
            "lenet-%d".formatted(number % 7),
            1,
            1,
            steps,
            STEPS_PER_UPDATE,
            network.units(),
            network.finalKept(),
            0.95,
            List.of("bench", "group-" + number % 5)));
    outbox.append(network.described());
    for (int update = 1; update <= UPDATES; update++) {
      long step = (long) update * STEPS_PER_UPDATE;
      outbox.append(network.steps(step - STEPS_PER_UPDATE + 1, STEPS_PER_UPDATE));
      outbox.append(network.sync(step, update));
      outbox.append(network.update(step, update, UPDATES));
      outbox.append(network.evaluation(step, update));
    }
    outbox.append(new RunFinished(1, steps, 0.9, 0.3, network.finalKept(), 60));
  }
}
