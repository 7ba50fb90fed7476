package io.espalier.service.run;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.training.RunHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reports checkpoints and alerts of a run to its listener at once and progress at most once a
 * second, and writes the log. Checkpoints before {@link #open} wait for it. Thread-safe.
 */
final class ProgressRelay implements Consumer<Event> {
  private static final long INTERVAL_NS = Duration.ofSeconds(1).toNanos();

  private final RunLauncher.Listener listener;
  private final RunLog log;
  private final LongSupplier nanoTime;
  private long step;
  private OptionalDouble accuracy = OptionalDouble.empty();
  private OptionalDouble bitsPerCharacter = OptionalDouble.empty();
  private double sparsity;
  private final List<Long> earlyCheckpoints = new ArrayList<>();
  private boolean open;
  private long reportedNs;

  ProgressRelay(RunLauncher.Listener listener, RunLog log, LongSupplier nanoTime) {
    this.listener = listener;
    this.log = log;
    this.nanoTime = nanoTime;
    this.reportedNs = nanoTime.getAsLong() - INTERVAL_NS;
  }

  synchronized void open(RunHandle handle) {
    step = Math.max(step, handle.startStep());
    listener.started(handle);
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
      bitsPerCharacter = evaluation.bitsPerCharacter();
      log.say(
          EventText.sentence(event)
              + String.format(Locale.ROOT, " · sparsity %.2f%%", 100 * sparsity));
    } else {
      other(event);
      return;
    }
    report();
  }

  private void other(Event event) {
    if (event instanceof CheckpointWritten written) {
      checkpointed(written.step());
      log.say(EventText.sentence(event));
    } else if (event instanceof AlertRaised alert) {
      listener.alerted(alert.kind(), alert.step(), alert.text());
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

  private void report() {
    long now = nanoTime.getAsLong();
    if (open && now - reportedNs >= INTERVAL_NS) {
      reportedNs = now;
      listener.progressed(new RunLauncher.Progress(step, accuracy, bitsPerCharacter, sparsity));
    }
  }
}
