package io.espalier.service.run;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends commands to the entities of runs and repeats what is unanswered; its timers run only while
 * there is anything to repeat. Belongs to the scheduler.
 */
final class RunCommandRetries {
  private static final Duration REPEAT = Duration.ofSeconds(3);
  private static final Duration SETTLING_LIMIT = Duration.ofSeconds(10);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);

  private final TimerScheduler<Scheduler.Command> timers;
  private final SchedulerSettings settings;
  private final NodeRegistry nodes;
  private final RunAllocations allocations;
  private final ReportRequests requests = new ReportRequests(this::wake);

  RunCommandRetries(
      TimerScheduler<Scheduler.Command> timers,
      SchedulerSettings settings,
      NodeRegistry nodes,
      RunAllocations allocations) {
    this.timers = timers;
    this.settings = settings;
    this.nodes = nodes;
    this.allocations = allocations;
  }

  void startTimer(Scheduler.Tick tick, Duration delay) {
    timers.startSingleTimer(tick, tick, delay);
  }

  /** Requests reports, without which nothing is granted until no more arrive for a while. */
  void settle(List<ScheduledRun> runs) {
    runs.forEach(entry -> allocations.awaitReport(entry.run()));
    requests.add(runs);
    startTimer(Scheduler.Tick.SETTLED, SETTLING_LIMIT);
  }

  /** A run has reported. */
  void reported(String run) {
    requests.answered(run);
    if (allocations.isSettling()) {
      startTimer(Scheduler.Tick.SETTLED, SETTLING_LIMIT);
    }
  }

  void wake(ScheduledRun entry) {
    tell(
        entry.run(),
        entry.revision() == 0 ? new RunEntity.Create(entry.spec()) : new RunEntity.Wake());
  }

  /** Without a node no entity can receive it; the first node's offer wakes all. */
  private void tell(String run, RunEntity.Command command) {
    if (!nodes.isEmpty()) {
      settings.entities().apply(run).tell(command);
    }
  }

  void start(Map<String, RunEntity.Start> starts) {
    starts.forEach(this::tell);
    if (!starts.isEmpty()) {
      repeatLater();
    }
  }

  void repeat(SchedulerState state) {
    if (nodes.isEmpty()) {
      return;
    }
    Map<String, RunEntity.Start> starts = allocations.unansweredStarts();
    starts.forEach(this::tell);
    Set<String> names = nodes.names();
    List<ScheduledRun> unanswered =
        state.unfinished().stream()
            .filter(entry -> allocations.isUnanswered(entry, names))
            .toList();
    requests.repeat(unanswered);
    if (!starts.isEmpty() || !unanswered.isEmpty()) {
      startTimer(Scheduler.Tick.REPEAT, REPEAT);
    }
  }

  void repeatLater() {
    if (!timers.isTimerActive(Scheduler.Tick.REPEAT)) {
      startTimer(Scheduler.Tick.REPEAT, REPEAT);
    }
  }

  void repeatLaterIfUnanswered(List<ScheduledRun> runs) {
    Set<String> names = nodes.names();
    if (runs.stream().anyMatch(entry -> allocations.isUnanswered(entry, names))) {
      repeatLater();
    }
  }

  /** Expects reports of runs with an attempt, whose entities report every second. */
  void watchSilence() {
    if (!timers.isTimerActive(Scheduler.Tick.CHECK_SILENCE)) {
      startTimer(Scheduler.Tick.CHECK_SILENCE, SILENCE_LIMIT);
    }
  }

  void wakeSilent(List<ScheduledRun> holding) {
    Set<String> active = allocations.takeActive();
    holding.stream().filter(entry -> !active.contains(entry.run())).forEach(this::wake);
    if (!holding.isEmpty()) {
      startTimer(Scheduler.Tick.CHECK_SILENCE, SILENCE_LIMIT);
    }
  }
}
