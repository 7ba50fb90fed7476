package io.espalier.cli.runs;

import io.espalier.cli.console.Progress;
import io.espalier.cli.console.ProgressPrinter;
import io.espalier.cli.console.RoundPrinter;
import io.espalier.configs.Metric;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.client.RunEventStream.EventLine;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run's progress as {@code train} and {@code federate} show it. Speed and time left are those of
 * the events' own times, so that a past that comes all at once does not count as fast.
 */
final class ProgressScreen implements Screen {
  private final PrintWriter out;
  private final int width;
  private final NavigableMap<Long, Double> sparsities = new TreeMap<>();
  private long totalSteps;
  private Optional<String> budget = Optional.empty();
  private Metric metric = Metric.ACCURACY;
  private Optional<ProgressPrinter> steps = Optional.empty();
  private Optional<RoundPrinter> rounds = Optional.empty();

  ProgressScreen(PrintWriter out, int width) {
    this.out = out;
    this.width = width;
  }

  @Override
  public void show(EventLine line) {
    decoded(line).ifPresent(envelope -> show(envelope.event(), nanoseconds(envelope.time())));
  }

  @Override
  public void say(String line) {
    rounds.ifPresent(RoundPrinter::flush);
    steps.ifPresentOrElse(printer -> printer.println(line), () -> print(line));
  }

  @Override
  public void finish() {
    rounds.ifPresent(RoundPrinter::flush);
    steps.ifPresent(ProgressPrinter::finish);
  }

  private void show(Event event, long atNs) {
    if (event instanceof RunStarted started) {
      totalSteps = started.totalSteps();
      metric = new Metric(started.charactersPerToken());
      begin(0, atNs);
    } else if (event instanceof RunResumed resumed) {
      sparsities.tailMap(resumed.fromStep(), false).clear();
      begin(resumed.fromStep(), atNs);
      say("attempt   %d, from step %d".formatted(resumed.attempt(), resumed.fromStep()));
    } else if (event instanceof FederationDescribed federation) {
      steps = Optional.empty();
      rounds = Optional.of(new RoundPrinter(out, (int) federation.rounds()));
    } else if (event instanceof MasksUpdated masks) {
      sparsities.put(masks.step(), masks.actual());
      budget = masks.budget();
    }
    rounds.ifPresent(printer -> printer.accept(event));
    steps.ifPresent(printer -> printer.accept(event, atNs));
  }

  private void begin(long fromStep, long atNs) {
    double sparsity =
        Optional.ofNullable(sparsities.floorEntry(fromStep)).map(Map.Entry::getValue).orElse(0.0);
    steps.ifPresent(printer -> printer.aside(() -> {}));
    rounds.ifPresent(RoundPrinter::flush);
    rounds = Optional.empty();
    steps =
        Optional.of(
            ProgressPrinter.of(
                out,
                width,
                new Progress(totalSteps, fromStep, budget, sparsity, atNs).readBy(metric)));
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }

  private static Optional<Envelope> decoded(EventLine line) {
    try {
      return EventJson.envelope(line.json().getBytes(StandardCharsets.UTF_8)).decode();
    } catch (IOException e) {
      throw new CommandRefusedException(
          "an event of the service must be one of Espalier: line=%d, type=%s, cause=%s; use the client of the same version as the service"
              .formatted(line.number(), line.type(), e.getMessage()));
    }
  }

  private static long nanoseconds(Instant time) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, time);
  }
}
