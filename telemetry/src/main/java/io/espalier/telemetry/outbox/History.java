package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What the complete lines of an outbox say about how to go on.
 *
 * @param run whose events they are; empty if there are none
 * @param attempt the highest found, 0 if none
 * @param time of the latest event, the epoch if there are none
 * @param end offset in bytes just after the last complete line
 */
record History(Optional<RunId> run, int attempt, Sequences sequences, Instant time, long end) {
  static History read(Path runDirectory) throws IOException {
    var sequences = new Sequences();
    Optional<RunId> run = Optional.empty();
    int attempt = 0;
    Instant time = Instant.EPOCH;
    try (OutboxReader reader = OutboxReader.open(runDirectory, 0)) {
      Optional<OutboxReader.Line> line = reader.next();
      while (line.isPresent()) {
        RawEnvelope envelope = line.get().envelope();
        sequences.saw(envelope.source(), envelope.topic(), envelope.sequence());
        attempt = Math.max(attempt, envelope.attempt());
        time = envelope.time().isAfter(time) ? envelope.time() : time;
        run = Optional.of(run.orElse(new RunId(envelope.source().split("/", 2)[0])));
        line = reader.next();
      }
      return new History(run, attempt, sequences, time, reader.offset());
    }
  }
}
