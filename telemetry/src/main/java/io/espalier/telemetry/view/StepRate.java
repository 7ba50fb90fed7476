package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.util.List;
import java.util.OptionalDouble;

/** When a run completes steps, or rounds of a federation, and how fast, by event times. */
final class StepRate {
  private static final int MOMENTS = 32;

  private final RecentWindow<Moment> moments;
  private final Points rate;
  private final Points clock;

  private record Moment(int attempt, long step, long timeMs) {}

  /** {@code clock} takes the time of each step, in seconds of the epoch. */
  StepRate(VoidedSteps voided, Points rate, Points clock) {
    moments = new RecentWindow<>(voided, MOMENTS);
    this.rate = rate;
    this.clock = clock;
  }

  void take(Envelope envelope) {
    Event event = envelope.event();
    if (event instanceof StepsMeasured
        || event instanceof SyncCompleted
        || (event instanceof RoundCompleted round && round.completedRounds() > 0)) {
      note(envelope, EventType.stepOf(event).orElseThrow());
    }
  }

  private void note(Envelope envelope, long step) {
    Moment now = new Moment(envelope.attempt(), step, envelope.time().toEpochMilli());
    Moment before = moments.newest().orElse(now);
    clock.put(now.attempt(), step, now.timeMs() / 1e3);
    moments.merge(now.attempt(), step, now, (first, later) -> first);
    if (before.attempt() == now.attempt() && before.step() < step) {
      double seconds = (now.timeMs() - before.timeMs()) / 1e3;
      if (seconds > 0) {
        rate.put(now.attempt(), step, (step - before.step()) / seconds);
      }
    }
  }

  /** Returns the newest steps per second; empty while fewer than two moments are known. */
  OptionalDouble present() {
    int attempt = moments.newestAttempt();
    List<Moment> known = moments.values().filter(each -> each.attempt() == attempt).toList();
    if (known.size() < 2) {
      return OptionalDouble.empty();
    }
    Moment first = known.get(0);
    Moment last = known.get(known.size() - 1);
    double seconds = (last.timeMs() - first.timeMs()) / 1e3;
    return seconds > 0
        ? OptionalDouble.of((last.step() - first.step()) / seconds)
        : OptionalDouble.empty();
  }
}
