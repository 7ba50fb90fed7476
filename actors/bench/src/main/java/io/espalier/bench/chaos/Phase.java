package io.espalier.bench.chaos;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How far a process had come when it was killed, by what its run had told. */
enum Phase {
  /** No interval of training was complete. */
  START_UP("start-up"),
  TRAINING("training"),
  /** The last step was done: norms, test set, files, the drain of events. */
  FINISH("finish");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /**
   * The phase of a run's newest process.
   *
   * @param events of its outbox
   * @param before events of earlier processes, at the front
   * @param totalSteps of the run
   */
  static Phase of(List<RawEnvelope> events, int before, long totalSteps) throws IOException {
    Phase phase = START_UP;
    List<RawEnvelope> own = new ArrayList<>(events.subList(before, events.size()));
    for (RawEnvelope raw : own) {
      Envelope envelope = raw.decode().orElseThrow();
      if (envelope.event() instanceof SyncCompleted sync && sync.step() >= totalSteps) {
        return FINISH;
      }
      phase = envelope.event() instanceof StepsMeasured ? TRAINING : phase;
    }
    return phase;
  }

  @Override
  public String toString() {
    return word;
  }
}
