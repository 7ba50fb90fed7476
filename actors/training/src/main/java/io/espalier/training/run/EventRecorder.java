package io.espalier.training.run;

import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.MaskFinding;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.training.IntervalMetrics;
import io.espalier.training.RunListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes telemetry events of what happens in a run and passes all events of one occurrence on at
 * once; those of the steps before a sync are part of the sync. Called from one thread at a time.
 */
public final class EventRecorder implements RunListener {
  /** Keeps an event of a long interval far below the outbox's line limit. */
  private static final int STEPS_PER_EVENT = 1000;

  private final int attempt;
  private final Consumer<List<Event>> sink;
  private final List<Event> events = new ArrayList<>();
  private final MaskImageSampler images;
  private final MaskCounter counter;
  private final Set<String> found = new HashSet<>();
  private final long macsDense;
  private final long startStep;
  private PreparedRun run;
  private Execution execution;
  private OptionalDouble accuracy = OptionalDouble.empty();
  private OptionalDouble bitsPerCharacter = OptionalDouble.empty();
  private long step;
  private int cuts;

  /** Takes {@code run}, {@code step} and {@code masks} as at the attempt's start. */
  public EventRecorder(
      PreparedRun run, int attempt, long step, MaskSet masks, Consumer<List<Event>> sink) {
    this.run = run;
    this.attempt = attempt;
    this.step = step;
    this.startStep = step;
    this.execution = step == 0 ? Execution.ENGINE : run.execution(step);
    this.sink = sink;
    this.images = new MaskImageSampler(run);
    this.counter = new MaskCounter(masks);
    this.macsDense = run.wholeNetwork().macs();
  }

  public long startStep() {
    return startStep;
  }

  public int cuts() {
    return cuts;
  }

  public void state(String state) {
    addState(state);
    send();
  }

  private void send() {
    List<Event> all = List.copyOf(events);
    events.clear();
    sink.accept(all);
  }

  private void send(Event event) {
    events.add(event);
    send();
  }

  private void addState(String state) {
    events.add(
        new RunState(
            state,
            run.config().name(),
            attempt,
            step,
            run.plan().totalSteps(),
            counter.sparsity(),
            accuracy,
            run.config().tags(),
            OptionalLong.of(run.network().macs()),
            OptionalLong.of(macsDense),
            bitsPerCharacter));
  }

  @Override
  public void stepsMeasured(int trainer, IntervalMetrics metrics) {
    int steps = metrics.losses().size();
    for (int from = 0; from < steps; from += STEPS_PER_EVENT) {
      int to = Math.min(steps, from + STEPS_PER_EVENT);
      events.add(
          new TrainingEvent.StepsMeasured(
              trainer,
              metrics.firstStep() + from + 1,
              metrics.losses().subList(from, to),
              metrics.accuracies().subList(from, to),
              metrics.learningRate(),
              metrics.computeSeconds() * (to - from) / steps,
              metrics.examples() / metrics.computeSeconds(),
              from == 0 ? Optional.of(metrics.sync()) : Optional.empty()));
    }
  }

  @Override
  public void synced(
      SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds) {
    step = outcome.commit().step();
    events.add(
        new TrainingEvent.SyncCompleted(
            step,
            outcome.commit().version().number(),
            outcome.bytes().up(),
            outcome.bytes().down(),
            outcome.bytes().dense(),
            waitSeconds,
            slowestTrainer,
            outcome.committed().digest(),
            commitSeconds));
    if (outcome.commit().execution() != execution) {
      execution = outcome.commit().execution();
      events.add(new RunEvent.ExecutionSwitched(run.sparseFrom().orElse(step), execution.stored()));
    }
    MaskSet masks = outcome.committed().masks().masks();
    outcome
        .pruning()
        .ifPresent(
            pruning -> {
              addMasksUpdated(
                  pruning.planned().sparsity(),
                  CutEvents.budgetShare(outcome.committed()),
                  counter.changed(pruning.update().changes(), masks),
                  masks,
                  pruning.seconds(),
                  pruning
                      .refit()
                      .map(refit -> new MaskEvent.Refitted(refit.layers(), refit.changed())));
              pruning.findings().forEach(this::addFinding);
            });
    outcome.cut().ifPresent(cut -> channelsCut(outcome, cut));
    send();
  }

  /** A cut alone prunes nothing where masks are hard; soft ones lose what they still held. */
  private void channelsCut(SyncOutcome outcome, SyncOutcome.Cut cut) {
    run = cut.after();
    cuts++;
    MaskSet masks = outcome.committed().masks().masks();
    if (outcome.pruning().isEmpty() && masks.kept() != counter.kept()) {
      double target =
          run.plan().updates().stream()
              .filter(update -> update.step() <= step)
              .mapToDouble(PlannedUpdate::sparsity)
              .reduce(0, (earlier, later) -> later);
      addMasksUpdated(
          target,
          CutEvents.budgetShare(outcome.committed()),
          counter.changed(masks),
          masks,
          cut.seconds(),
          Optional.empty());
    }
    events.add(CutEvents.of(step, masks.version().number(), cut));
    addState(RunState.RUNNING);
  }

  @Override
  public void evaluated(
      long atStep,
      int maskVersion,
      EvaluationRequest request,
      EvaluationPart result,
      double seconds) {
    step = atStep;
    accuracy = OptionalDouble.of(result.accuracy());
    bitsPerCharacter = run.dataset().metric().bits(result.loss());
    boolean before = request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE;
    events.add(
        new TrainingEvent.EvaluationCompleted(
            atStep,
            before ? maskVersion - 1 : maskVersion,
            spelled(request.set()),
            spelled(request.phase()),
            result.accuracy(),
            result.loss(),
            result.examples(),
            seconds,
            bitsPerCharacter));
    state(RunState.RUNNING);
  }

  @Override
  public void checkpointWritten(long atStep, Path directory, long bytes) {
    send(new HostEvent.CheckpointWritten(atStep, directory.getFileName().toString(), bytes));
  }

  @Override
  public void checkpointFailed(long atStep, String cause) {
    send(new HostEvent.CheckpointFailed(atStep, cause));
  }

  @Override
  public void diverged(long atStep, String cause) {
    send(new AlertRaised(AlertRaised.NOT_FINITE, atStep, cause));
  }

  @Override
  public void stalled(long atStep, int trainer, Duration silence) {
    send(
        new AlertRaised(
            AlertRaised.NO_PROGRESS,
            atStep,
            "trainer-%d completed no step for %d s; train.progress-timeout is %d s"
                .formatted(
                    trainer,
                    silence.toSeconds(),
                    run.config().train().recovery().progressTimeout().toSeconds())));
  }

  @Override
  public void progressed(long atStep) {
    send(new AlertCleared(AlertRaised.NO_PROGRESS, atStep, "all trainers complete steps again"));
  }

  @Override
  public void differs(long atStep, String text) {
    send(new AlertRaised(AlertRaised.CAPABILITY, atStep, text));
  }

  @Override
  public void trainerFailed(int trainer, int incarnation, long atStep, String cause) {
    send(new HostEvent.TrainerFailed(trainer, incarnation, atStep, cause));
  }

  @Override
  public void trainerRestarted(int trainer, int incarnation, long atStep) {
    send(new HostEvent.TrainerRestarted(trainer, incarnation, atStep));
  }

  /** Records new masks after {@code atStep} completed steps. */
  public void masksUpdated(long atStep, double target, MaskUpdate update, double seconds) {
    step = atStep;
    MaskSet masks = update.next();
    addMasksUpdated(
        target,
        OptionalDouble.empty(),
        counter.changed(update.changes(), masks),
        masks,
        seconds,
        Optional.empty());
    send();
  }

  private void addMasksUpdated(
      double target,
      OptionalDouble budgetShare,
      List<MaskEvent.ParameterMasks> changes,
      MaskSet masks,
      double seconds,
      Optional<MaskEvent.Refitted> refit) {
    int version = masks.version().number();
    events.add(
        new MaskEvent.MasksUpdated(
            step,
            version,
            target,
            masks.sparsity(),
            masks.kept(),
            changes,
            seconds,
            CutEvents.budget(run.config().prune().granularity()),
            budgetShare,
            refit));
    for (MaskEvent.ParameterMasks change : changes) {
      events.add(
          new MaskEvent.ParameterMaskState(
              change.name(),
              step,
              version,
              change.units(),
              change.kept(),
              change.pruned(),
              change.regrown()));
    }
    events.addAll(images.pictures(step, masks));
    addState(RunState.RUNNING);
  }

  /** Each parameter once: updates repeat what they find. */
  private void addFinding(MaskFinding finding) {
    String kind =
        finding instanceof MaskFinding.HiddenGrowth
            ? AlertRaised.HIDDEN_WEIGHTS
            : AlertRaised.DEAD_UNITS;
    if (found.add(kind + " " + finding.parameter().name())) {
      events.add(new AlertRaised(kind, step, finding.text()));
    }
  }

  private static String spelled(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
