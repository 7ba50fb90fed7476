package io.espalier.training.run;

import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.HostEvent.StreamFlowing;
import io.espalier.telemetry.event.HostEvent.StreamWaiting;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.HostEvent.TrainerRestarted;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.Refitted;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.trainer.run.SparsityOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The open alerts of a run, by what an attempt records. Each is raised once and cleared once, but
 * those of parameters are raised once for each. Confined to the recorder.
 *
 * <ul>
 *   <li><b>not-finite</b>: a trainer reports it, or the loss of an evaluation or a round is not
 *       finite; cleared by the next finite one.
 *   <li><b>no-progress</b>: the coordinator reports a silent trainer, a stream is silent for {@link
 *       TrainConfig#patience}, or a federation's rounds for {@code federation.round-limit}; cleared
 *       by the next step, record or report.
 *   <li><b>dead-trainer</b>: from a trainer's failure until all have restarted and a step is
 *       committed.
 *   <li><b>off-target</b>: after a mask update the kept share differs from the target by more than
 *       {@link #TOLERANCE} of it and {@link #LEAST_DIFFERENCE}. Counts are exact, so masks are off
 *       only where too few units are left to choose from, as with hard masks. Of channels the share
 *       of the budget is compared, and only one that is too large is off. Where the mask kind
 *       chooses, the final update is compared, by {@code prune.tolerance}.
 *   <li><b>disk-low</b>: the disk has less free than twice the newest checkpoint of the attempt and
 *       {@link #LEAST_FREE_BYTES}; cleared at {@link #RELIEF} times as much.
 *   <li><b>loss-jump</b>: the merge of a federation's round is not adopted; cleared by the next
 *       round that is.
 *   <li><b>clock-step</b>: {@link ClockWatch} reports a step of the wall clock.
 *   <li><b>capability</b>: the engine computes otherwise than before; not cleared within the
 *       attempt.
 *   <li><b>hidden-weights</b>, <b>dead-units</b>: the recorder reports a parameter, each once; not
 *       cleared within the attempt, whose recipe stays as it is.
 *   <li><b>no-effect</b>: a refit changed none of the layers that lost weights; cleared by an
 *       update at which it changes one.
 * </ul>
 *
 * <p>A resumed attempt first clears what the one before left open. A stopped or finished attempt
 * clears the alerts of its process; a failed one leaves all open.
 */
final class AlertMonitor {
  static final double TOLERANCE = 0.05;
  static final double LEAST_DIFFERENCE = 0.001;
  static final long LEAST_FREE_BYTES = 256L << 20;
  static final double RELIEF = 1.25;
  private static final Set<String> OF_PROCESS =
      Set.of(
          AlertRaised.NO_PROGRESS,
          AlertRaised.DEAD_TRAINER,
          AlertRaised.DISK_LOW,
          AlertRaised.CLOCK_STEP);

  private static final Set<String> OF_PARAMETERS =
      Set.of(AlertRaised.HIDDEN_WEIGHTS, AlertRaised.DEAD_UNITS);

  private final Duration patience;
  private final Optional<Duration> roundLimit;
  private final PruneConfig prune;
  private final boolean outcome;
  private final Set<String> open;
  private final Set<Integer> dead = new TreeSet<>();
  private long step;
  private long checkpointBytes;
  private long lastReportNs;
  private String rejectedRound = "";

  /** Starts with the kinds in {@code left}, which earlier attempts raised and did not clear. */
  public AlertMonitor(RunConfig config, Collection<String> left, long nowNs) {
    this.patience = config.train().recovery().patience();
    this.roundLimit = config.federation().common().map(each -> each.cohort().roundLimit());
    this.prune = config.prune();
    this.outcome = SparsityOutcome.isOutcome(prune);
    this.open = new TreeSet<>(left);
    this.lastReportNs = nowNs;
  }

  /** The event and the alerts that change with it, in the order to record. */
  public List<Event> with(Event event, long nowNs) {
    List<Event> events = new ArrayList<>();
    if (event instanceof AlertRaised raised) {
      if (OF_PARAMETERS.contains(raised.kind())) {
        open.add(raised.kind());
        events.add(raised);
      } else {
        raise(events, raised.kind(), raised.step(), raised.text());
      }
    } else if (event instanceof AlertCleared cleared) {
      clear(events, cleared.kind(), cleared.step(), cleared.text());
    } else if (event instanceof RunStopped || event instanceof RunFinished) {
      OF_PROCESS.stream()
          .sorted()
          .forEach(kind -> clear(events, kind, step, "the attempt is over"));
      events.add(event);
    } else {
      events.add(event);
      follow(events, event, nowNs);
    }
    return events;
  }

  /** The alert of a wall clock that stepped. */
  AlertRaised ofClock(String text) {
    return new AlertRaised(AlertRaised.CLOCK_STEP, step, text);
  }

  private void follow(List<Event> events, Event event, long nowNs) {
    if (event instanceof RunResumed resumed) {
      step = resumed.fromStep();
      List.copyOf(open)
          .forEach(
              kind -> clear(events, kind, step, "attempt %d began".formatted(resumed.attempt())));
    } else if (event instanceof SyncCompleted sync) {
      synced(events, sync);
    } else if (event instanceof EvaluationCompleted evaluation) {
      step = evaluation.step();
      measured(events, evaluation.loss(), "the loss of an evaluation");
    } else if (event instanceof MasksUpdated update) {
      updated(events, update);
    } else if (event instanceof TrainerFailed failed) {
      dead.add(failed.trainer());
      raise(
          events,
          AlertRaised.DEAD_TRAINER,
          failed.step(),
          "trainer-%d failed: %s".formatted(failed.trainer(), failed.cause()));
    } else if (event instanceof TrainerRestarted restarted) {
      dead.remove(restarted.trainer());
    } else if (event instanceof CheckpointWritten written) {
      checkpointBytes = written.bytes();
    } else if (event instanceof StreamWaiting waiting) {
      waited(events, waiting);
    } else if (event instanceof StreamFlowing) {
      clear(events, AlertRaised.NO_PROGRESS, step, "records arrive again");
    } else if (event instanceof ResourcesMeasured resources) {
      resources.diskFreeBytes().ifPresent(free -> disk(events, free));
      rounds(events, nowNs);
    } else if (roundLimit.isPresent()) {
      federated(events, event, nowNs);
    }
  }

  private void synced(List<Event> events, SyncCompleted sync) {
    step = sync.step();
    clear(events, AlertRaised.NO_PROGRESS, step, "step %d is committed".formatted(step));
    if (dead.isEmpty()) {
      clear(
          events,
          AlertRaised.DEAD_TRAINER,
          step,
          "all trainers are back, and step %d is committed".formatted(step));
    }
  }

  private void measured(List<Event> events, double loss, String what) {
    if (Double.isFinite(loss)) {
      clear(events, AlertRaised.NOT_FINITE, step, what + " is finite again");
    } else {
      raise(events, AlertRaised.NOT_FINITE, step, "%s is %s".formatted(what, loss));
    }
  }

  private void updated(List<Event> events, MasksUpdated update) {
    step = update.step();
    update.refit().ifPresent(refit -> refitted(events, refit));
    double over = update.targetSparsity() - update.actual();
    // Channels are coarse: the budget that they use is at most the one asked for, and often less.
    double difference = update.budgetShare().isPresent() ? over : Math.abs(over);
    String what =
        update.budgetShare().isPresent()
            ? "share of the " + spelled(update) + " that went"
            : "sparsity";
    String text =
        "%s is %s%%, and %s%% was asked for"
            .formatted(what, percent(update.actual()), percent(update.targetSparsity()));
    if (update.budget().isPresent() && update.budgetShare().isEmpty()) {
      return;
    }
    if (difference > allowed(update)) {
      raise(events, AlertRaised.OFF_TARGET, step, text);
    } else {
      clear(events, AlertRaised.OFF_TARGET, step, text);
    }
  }

  private void refitted(List<Event> events, Refitted refit) {
    String text =
        "refit: %d of %d layers: prune.refit = %s changed kept weights, biases or norms of so many of those that lost weights"
            .formatted(refit.changed(), refit.layers(), prune.refit().name());
    if (refit.actedOnNothing()) {
      raise(events, AlertRaised.NO_EFFECT, step, text + "; leave refit away, or take another");
    } else if (refit.changed() > 0) {
      clear(events, AlertRaised.NO_EFFECT, step, text);
    }
  }

  /** Where the sparsity is an outcome, on its way to the final target it may be any. */
  private double allowed(MasksUpdated update) {
    if (outcome) {
      return update.targetSparsity() < prune.target().sparsity() ? 1 : prune.target().tolerance();
    }
    return Math.max(LEAST_DIFFERENCE, TOLERANCE * (1 - update.targetSparsity()));
  }

  private static String spelled(MasksUpdated update) {
    String budget = update.budget().orElse(MasksUpdated.PARAMETERS);
    return budget.equals(MasksUpdated.MACS) ? "multiply-accumulates" : budget;
  }

  private void waited(List<Event> events, StreamWaiting waiting) {
    if (waiting.seconds() >= patience.toMillis() / 1e3) {
      raise(
          events,
          AlertRaised.NO_PROGRESS,
          step,
          "topic %s is waited for since %.0f s: %s"
              .formatted(waiting.topic(), waiting.seconds(), waiting.cause()));
    }
  }

  private void disk(List<Event> events, long free) {
    long needed = Math.max(2 * checkpointBytes, LEAST_FREE_BYTES);
    if (free < needed) {
      raise(
          events,
          AlertRaised.DISK_LOW,
          step,
          "%d MB are free on the disk of the run, and %d MB should be"
              .formatted(free >> 20, needed >> 20));
    } else if (free >= RELIEF * needed) {
      clear(events, AlertRaised.DISK_LOW, step, "%d MB are free".formatted(free >> 20));
    }
  }

  private void rounds(List<Event> events, long nowNs) {
    roundLimit
        .filter(limit -> nowNs - lastReportNs > limit.toNanos())
        .ifPresent(
            limit ->
                raise(
                    events,
                    AlertRaised.NO_PROGRESS,
                    step,
                    "no round began or ended and no client reported for %d s"
                        .formatted(limit.toSeconds())));
  }

  private void federated(List<Event> events, Event event, long nowNs) {
    if (event instanceof RoundRejected rejected) {
      rejectedRound = rejected.round();
      raise(
          events,
          AlertRaised.LOSS_JUMP,
          rejected.completedRounds(),
          String.format(
              Locale.ROOT,
              "round %s was not adopted: the held-out loss would be %.4g, it was %.4g, and %.4g is"
                  + " the most",
              rejected.round(),
              rejected.loss(),
              rejected.lossBefore(),
              rejected.largest()));
    }
    if (event instanceof RoundCompleted round) {
      step = round.completedRounds();
      round.loss().ifPresent(loss -> measured(events, loss, "the loss of a round"));
      if (!round.round().equals(rejectedRound)) {
        clear(events, AlertRaised.LOSS_JUMP, step, "round %s is adopted".formatted(round.round()));
      }
    }
    if (event instanceof RoundCompleted
        || event instanceof RoundStarted
        || event instanceof ClientReported) {
      lastReportNs = nowNs;
      clear(events, AlertRaised.NO_PROGRESS, step, "the rounds go on");
    }
  }

  private void raise(List<Event> events, String kind, long atStep, String text) {
    if (open.add(kind)) {
      events.add(new AlertRaised(kind, atStep, text));
    }
  }

  private void clear(List<Event> events, String kind, long atStep, String text) {
    if (open.remove(kind)) {
      events.add(new AlertCleared(kind, atStep, text));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}
