package io.espalier.service.run;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.training.RunHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reports checkpoints and alerts of a run to its listener at once and progress at most once a
 * second, and writes the log. What comes before {@link #open} waits for it. Thread-safe.
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
  private OptionalDouble loss = OptionalDouble.empty();
  private OptionalDouble evaluationLoss = OptionalDouble.empty();
  private int maskVersion;
  private final SortedSet<String> alerts = new TreeSet<>();
  private double lossSum;
  private long lossSteps;
  private final List<Long> earlyCheckpoints = new ArrayList<>();
  private boolean open;
  private long reportedNs;
  private boolean changed;

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
    if (!alerts.isEmpty()) {
      reportNow();
    }
  }

  /** Reports progress that was too new for a report of its own. */
  synchronized void finish() {
    if (changed && open) {
      reportNow();
    }
  }

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof StepsMeasured steps) {
      lossSum += steps.losses().stream().mapToDouble(Double::doubleValue).sum();
      lossSteps += steps.losses().size();
      return;
    }
    if (event instanceof SyncCompleted sync) {
      step = sync.step();
      maskVersion = sync.maskVersion();
      loss = lossSteps == 0 ? loss : OptionalDouble.of(lossSum / lossSteps);
      lossSum = 0;
      lossSteps = 0;
    } else if (event instanceof RoundCompleted round) {
      step = round.completedRounds();
      maskVersion = round.maskVersion();
      loss = round.loss().isPresent() ? round.loss() : loss;
    } else if (event instanceof MasksUpdated masks) {
      sparsity = masks.sparsity();
      maskVersion = masks.maskVersion();
    } else if (event instanceof RunState state) {
      sparsity = state.sparsity();
    } else if (event instanceof EvaluationCompleted evaluation) {
      evaluationLoss = OptionalDouble.of(evaluation.loss());
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
      changed |= alerts.add(alert.kind());
      finish();
    } else if (event instanceof CheckpointFailed || event instanceof TrainerFailed) {
      log.warn(EventText.sentence(event));
    } else if (event instanceof AlertCleared cleared) {
      changed |= alerts.remove(cleared.kind());
      finish();
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
    changed = true;
    if (open && nanoTime.getAsLong() - reportedNs >= INTERVAL_NS) {
      reportNow();
    }
  }

  private void reportNow() {
    reportedNs = nanoTime.getAsLong();
    changed = false;
    listener.progressed(
        new RunLauncher.Progress(
            step,
            accuracy,
            bitsPerCharacter,
            sparsity,
            new RunLauncher.Measured(loss, evaluationLoss, maskVersion, List.copyOf(alerts))));
  }
}
