package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The events of a run that still hold, in outbox order: a resumed attempt voids older measurements
 * after its step.
 */
public record RunHistory(List<Envelope> envelopes) {
  private static final Set<Class<?>> NO_MEASUREMENT =
      Set.of(
          RunEvent.RunResumed.class,
          RunEvent.RunStopped.class,
          RunEvent.RunFailed.class,
          HostEvent.TrainerFailed.class,
          HostEvent.TrainerRestarted.class,
          HostEvent.AlertRaised.class,
          HostEvent.AlertCleared.class);

  public RunHistory {
    envelopes = List.copyOf(envelopes);
  }

  public static RunHistory of(List<Envelope> recorded) {
    List<Envelope> valid = new ArrayList<>();
    recorded.forEach(next -> add(next, valid));
    return new RunHistory(valid);
  }

  public static RunHistory read(Path runDirectory) throws IOException {
    List<Envelope> valid = new ArrayList<>();
    OutboxReader.forEach(runDirectory, next -> add(next, valid));
    return new RunHistory(valid);
  }

  private static void add(Envelope next, List<Envelope> valid) {
    if (next.event() instanceof RunResumed resumed) {
      long firstVoid = resumed.fromStep() == 0 ? 0 : resumed.fromStep() + 1;
      valid.removeIf(
          old -> old.attempt() < next.attempt() && measuredStep(old.event()) >= firstVoid);
    }
    valid.add(next);
  }

  /** The last step that an event measures; -1 if it is no measurement of training. */
  private static long measuredStep(Event event) {
    if (NO_MEASUREMENT.contains(event.getClass())) {
      return -1;
    }
    // Selection rounds before training are known by name: where one is repeated, the newest holds.
    boolean selection = event instanceof RoundCompleted round && round.completedRounds() == 0;
    return selection ? -1 : EventType.stepOf(event).orElse(-1);
  }

  public <E extends Event> Stream<E> all(Class<E> type) {
    return envelopes.stream().map(Envelope::event).filter(type::isInstance).map(type::cast);
  }

  public <E extends Event> Optional<E> last(Class<E> type) {
    return all(type).reduce((older, newer) -> newer);
  }
}
