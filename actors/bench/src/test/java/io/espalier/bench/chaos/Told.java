package io.espalier.bench.chaos;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Events as a small run would tell them. */
final class Told {
  private Told() {}

  static RawEnvelope raw(long sequence, Event event) {
    try {
      Envelope envelope =
          Envelope.of(new RunId("run"), sequence, 1, Instant.ofEpochSecond(sequence), event);
      return EventJson.envelope(EventJson.line(envelope));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One loss per step; {@code seconds} are what may differ. */
  static StepsMeasured steps(long firstStep, double seconds, Double... losses) {
    List<Double> all = List.of(losses);
    return new StepsMeasured(0, firstStep, all, all, 0.1, seconds, 1 / seconds, Optional.empty());
  }

  static SyncCompleted sync(long step, String digest, double seconds) {
    return new SyncCompleted(step, 0, 10, 20, 40, seconds, 1, digest, seconds);
  }
}
