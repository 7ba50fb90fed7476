package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The state of an outbox from which the next attempt continues.
 *
 * @param run whose events they are; empty if there are none
 * @param attempt the highest found, 0 if none
 * @param sequences the last one by {@link #key}
 * @param time of the latest event, the epoch if there are none
 * @param alerts kinds that were raised and not cleared
 * @param cuts steps at which channels left the network, except those that a later attempt voided
 * @param end offset in bytes just after the last complete line
 * @param damaged complete lines that are no events
 * @param firstDamaged offset in bytes of the first of them, −1 if there is none
 */
record OutboxHistory(
    Optional<RunId> run,
    int attempt,
    Map<String, Long> sequences,
    Instant time,
    Set<String> alerts,
    SortedSet<Long> cuts,
    long end,
    int damaged,
    long firstDamaged) {
  private static final Set<Class<?>> NOTED =
      Set.of(AlertRaised.class, AlertCleared.class, ChannelsCut.class, RunResumed.class);
  private static final Set<String> NOTED_TYPES =
      EventType.all().stream()
          .filter(type -> NOTED.contains(type.record()))
          .map(EventType::name)
          .collect(Collectors.toUnmodifiableSet());

  static OutboxHistory read(Path runDirectory) throws IOException {
    Map<String, Long> sequences = new HashMap<>();
    Map<String, Integer> runs = new HashMap<>();
    int attempt = 0;
    Instant time = Instant.EPOCH;
    Set<String> alerts = new TreeSet<>();
    SortedSet<Long> cuts = new TreeSet<>();
    try (OutboxReader reader = OutboxReader.open(runDirectory, 0)) {
      Optional<OutboxReader.Line> line = reader.next();
      while (line.isPresent()) {
        RawEnvelope envelope = line.get().envelope();
        sequences.merge(key(envelope.source(), envelope.topic()), envelope.sequence(), Math::max);
        attempt = Math.max(attempt, envelope.attempt());
        time = envelope.time().isAfter(time) ? envelope.time() : time;
        runs.merge(runOf(envelope), 1, Integer::sum);
        note(envelope, alerts, cuts);
        line = reader.next();
      }
      if (runs.isEmpty() && reader.damaged() > 0) {
        throw new IOException(
            "an outbox must hold events: file=%s, lines that are none=%d; restore the file, or begin its recipe as a new run"
                .formatted(runDirectory.resolve(Outbox.FILE_NAME), reader.damaged()));
      }
      // The most frequent: a name may have lost a bit.
      Optional<RunId> run =
          runs.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(most -> new RunId(most.getKey()));
      return new OutboxHistory(
          run,
          attempt,
          sequences,
          time,
          alerts,
          cuts,
          reader.offset(),
          reader.damaged(),
          reader.firstDamaged());
    }
  }

  static String runOf(RawEnvelope envelope) {
    return envelope.source().split("/", 2)[0];
  }

  static String key(String source, String topic) {
    return source + " " + topic;
  }

  private static void note(RawEnvelope envelope, Set<String> alerts, Set<Long> cuts) {
    if (!NOTED_TYPES.contains(envelope.type())) {
      return;
    }
    Optional<Envelope> decoded = OutboxReader.decoded(envelope);
    if (decoded.isEmpty()) {
      return;
    }
    Event event = decoded.get().event();
    if (event instanceof AlertRaised raised) {
      alerts.add(raised.kind());
    } else if (event instanceof AlertCleared cleared) {
      alerts.remove(cleared.kind());
    } else if (event instanceof ChannelsCut cut) {
      cuts.add(cut.step());
    } else if (event instanceof RunResumed resumed) {
      cuts.removeIf(step -> resumed.fromStep() == 0 || step > resumed.fromStep());
    }
  }
}
