package io.espalier.actors.cli.bench.telemetry;

import io.espalier.actors.cli.bench.figure.Budget;
import io.espalier.actors.cli.bench.figure.Figure;
import io.espalier.actors.cli.bench.figure.Sample;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What telemetry costs a run: the events of a real run are told, forced to the disk and shipped
 * once more, and the CPU time of that is compared with that of its trainers. The broker's own is
 * not in it.
 */
final class RunCost {
  private static final List<String> BACKGROUND =
      List.of("espalier-outbox-sync", "espalier-shipper", "kafka-producer-network-thread");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private RunCost() {}

  static Figure measure(RecordedRun run, Path directory, BrokerAccess broker, int rounds)
      throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double spent = tell(run.events(), directory.resolve(run.network() + "-" + round), broker);
      if (round > 0) {
        seconds.add(spent);
      }
    }
    return new Figure(
        "CPU of telemetry / CPU of the trainers",
        run.network(),
        Sample.of(seconds.stream().map(each -> each / run.trainerSeconds()).toList()),
        String.format(
            Locale.ROOT,
            "%.1f / %.0f µs a step, %,d events in %,d steps",
            1e6 * Sample.of(seconds).median() / run.steps(),
            1e6 * run.trainerSeconds() / run.steps(),
            run.events().size(),
            run.steps()),
        Optional.of(Budget.atMost(0.01)));
  }

  /** CPU seconds of telling all events, once the connection to the broker stands. */
  private static double tell(List<Event> events, Path directory, BrokerAccess broker)
      throws IOException {
    RunId run = new RunId(directory.getFileName().toString());
    try (Outbox outbox = Outbox.open(directory, run, Clock.systemUTC());
        Shipper shipper = Shipper.start(directory, () -> Optional.of(broker))) {
      outbox.append(events.get(0));
      shipper.drain(LIMIT);
      double before = ThreadCpu.ownSeconds() + ThreadCpu.seconds(BACKGROUND);
      events.forEach(outbox::append);
      double own = ThreadCpu.ownSeconds();
      shipper.drain(LIMIT);
      return own + ThreadCpu.seconds(BACKGROUND) - before;
    }
  }
}
