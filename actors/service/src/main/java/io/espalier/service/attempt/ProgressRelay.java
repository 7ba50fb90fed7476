package io.espalier.service.attempt;

import io.espalier.service.run.AttemptListener;
import io.espalier.service.run.AttemptProgress;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes of a run's events what its listener hears: checkpoints at once, progress now and then; what
 * deserves a line goes to the log. Until the work is told to have begun, checkpoints wait.
 * Thread-safe.
 */
final class ProgressRelay implements Consumer<Event> {
  private static final long INTERVAL_NS = Duration.ofSeconds(1).toNanos();

  private final AttemptListener listener;
  private final RunLog log;
  private final LongSupplier nanoTime;
  private long step;
  private OptionalDouble accuracy = OptionalDouble.empty();
  private double sparsity;
  private final List<Long> earlyCheckpoints = new ArrayList<>();
  private boolean open;
  private long toldNs;

  ProgressRelay(AttemptListener listener, RunLog log, LongSupplier nanoTime) {
    this.listener = listener;
    this.log = log;
    this.nanoTime = nanoTime;
    this.toldNs = nanoTime.getAsLong() - INTERVAL_NS;
  }

  /** Tells that the work has begun, and then what waited for that. */
  synchronized void open(long fromStep, long totalSteps) {
    step = Math.max(step, fromStep);
    listener.started(fromStep, totalSteps);
    open = true;
    earlyCheckpoints.forEach(listener::checkpointed);
  }

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof SyncCompleted sync) {
      step = sync.step();
    } else if (event instanceof RoundCompleted round) {
      step = round.completedRounds();
    } else if (event instanceof MasksUpdated masks) {
      sparsity = masks.sparsity();
    } else if (event instanceof EvaluationCompleted evaluation) {
      accuracy = OptionalDouble.of(evaluation.accuracy());
      log.say(
          EventText.sentence(event)
              + String.format(Locale.ROOT, " · sparsity %.2f%%", 100 * sparsity));
    } else {
      other(event);
      return;
    }
    tell();
  }

  private void other(Event event) {
    if (event instanceof CheckpointWritten written) {
      checkpointed(written.step());
      log.say(EventText.sentence(event));
    } else if (event instanceof CheckpointFailed || event instanceof TrainerFailed) {
      log.warn(EventText.sentence(event));
    }
  }

  private void checkpointed(long atStep) {
    if (open) {
      listener.checkpointed(atStep);
    } else {
      earlyCheckpoints.add(atStep);
    }
  }

  private void tell() {
    long now = nanoTime.getAsLong();
    if (open && now - toldNs >= INTERVAL_NS) {
      toldNs = now;
      listener.progressed(new AttemptProgress(step, accuracy, sparsity));
    }
  }
}
