package io.espalier.cli.dashboard;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.agrona.CloseHelper;

/** A run that a test tells of, step by step, by an outbox that is really shipped. */
final class ToldRun implements AutoCloseable {
  static final int TOTAL = 1_000;

  private final String name;
  private final List<String> tags;
  private final Outbox outbox;
  private final Shipper shipper;
  private long step;

  ToldRun(Path directory, String id, String name, List<String> tags, BrokerAccess broker)
      throws IOException {
    this.name = name;
    this.tags = tags;
    Path run = directory.resolve(id);
    outbox = Outbox.open(run, new RunId(id), Clock.systemUTC());
    shipper = Shipper.start(run, () -> Optional.of(broker));
    tell(new RunStarted(name, 1, 1, TOTAL, 50, 1_000, 100, 0.9, tags));
    tell(
        new ParametersDescribed(
            List.of(new ParameterInfo("fc1.weight", List.of(10L, 100L), 1_000, true, 1_000))));
    state(RunState.RUNNING);
  }

  void tell(Event event) {
    outbox.append(event);
  }

  private void state(String state) {
    tell(new RunState(state, name, 1, step, TOTAL, 0, OptionalDouble.empty(), tags));
  }

  /** So many more steps, the last one a sync. */
  void steps(int count) {
    List<Double> losses =
        LongStream.rangeClosed(step + 1, step + count).mapToObj(ToldRun::loss).toList();
    tell(
        new StepsMeasured(
            0,
            step + 1,
            losses,
            Collections.nCopies(count, 0.5),
            0.05,
            0.1,
            640,
            Optional.empty()));
    step += count;
    tell(new SyncCompleted(step, 0, 1_000, 1_000, 2_000, 0, 0, "d", 0));
    state(RunState.RUNNING);
  }

  /** Training loss of a step. */
  static double loss(long step) {
    return 1 + 1.0 / step;
  }

  /** Stops the run, so that nobody misses it. */
  @Override
  public void close() {
    tell(new RunStopped(1, step, "the test is over"));
    state(RunState.PAUSED);
    shipper.drain(Duration.ofSeconds(10));
    CloseHelper.closeAll(shipper, outbox);
  }
}
