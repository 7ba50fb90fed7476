package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.util.List;
import java.util.OptionalDouble;

/** How many steps, or rounds of a federation, a run makes in a second, by the times of events. */
final class StepRate {
  /** Over so many of the newest moments the present rate is measured. */
  private static final int MOMENTS = 32;

  private final RecentWindow<Moment> moments;
  private final Points rate;

  private record Moment(int attempt, long step, long timeMs) {}

  /**
   * @param rate gets the rate between each two moments
   */
  public StepRate(Cuts cuts, Points rate) {
    moments = new RecentWindow<>(cuts, MOMENTS);
    this.rate = rate;
  }

  public void take(Envelope envelope) {
    if (envelope.event() instanceof StepsMeasured steps) {
      note(envelope, steps.firstStep() + steps.losses().size() - 1);
    } else if (envelope.event() instanceof SyncCompleted sync) {
      note(envelope, sync.step());
    } else if (envelope.event() instanceof RoundCompleted round && round.completedRounds() > 0) {
      note(envelope, round.completedRounds());
    }
  }

  private void note(Envelope envelope, long step) {
    Moment now = new Moment(envelope.attempt(), step, envelope.time().toEpochMilli());
    Moment before = moments.newest().orElse(now);
    moments.merge(now.attempt(), step, now, (first, later) -> first);
    if (before.attempt() == now.attempt() && before.step() < step) {
      double seconds = (now.timeMs() - before.timeMs()) / 1e3;
      if (seconds > 0) {
        rate.put(now.attempt(), step, (step - before.step()) / seconds);
      }
    }
  }

  public void cut(int attempt, long firstVoid) {
    moments.cut(attempt, firstVoid);
  }

  /** Steps per second of late; empty while too few are known. */
  public OptionalDouble present() {
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
