package io.espalier.service.run;

import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the reports of runs and decides which the journal keeps. Belongs to the scheduler. */
final class RunReports {
  private final RunAllocations allocations;
  private final RunCommandRetries reminders;
  private final RunNotices notices;
  private final RunSubmissions submissions;
  private final NodeMeters meters;

  /** A report that changes what the journal has of its run. */
  record Change(ScheduledRun before, Scheduler.Reported report, List<SchedulerEvent.Owed> owed) {
    List<SchedulerEvent> events() {
      RunStatus status = report.status();
      List<SchedulerEvent> events = new ArrayList<>(owed);
      events.add(
          new SchedulerEvent.Reported(status.run(), status, report.revision(), report.ahead()));
      return events;
    }

    /** The time that the run has waited, if it starts now. */
    private Optional<Duration> waited() {
      RunStatus status = report.status();
      return before.state() == RunState.QUEUED && status.state().hasAttempt()
          ? Optional.of(
              Duration.between(before.status().standing().changed(), status.standing().changed()))
          : Optional.empty();
    }
  }

  RunReports(
      RunAllocations allocations,
      RunCommandRetries reminders,
      RunNotices notices,
      RunSubmissions submissions,
      NodeMeters meters) {
    this.allocations = allocations;
    this.reminders = reminders;
    this.notices = notices;
    this.submissions = submissions;
    this.meters = meters;
  }

  /** The change to persist; without one the report is acknowledged, or about no run. */
  Optional<Change> take(SchedulerState state, Scheduler.Reported report) {
    Optional<ScheduledRun> entry = state.find(report.status().run());
    if (entry.isEmpty() || allocations.isOutdated(report)) {
      acknowledge(report);
      return Optional.empty();
    }
    allocations.accept(report);
    reminders.reported(report.status().run());
    if (report.status().state().hasAttempt()) {
      reminders.watchSilence();
    }
    List<SchedulerEvent.Owed> owed = notices.owed(state, entry.get(), report);
    if (!owed.isEmpty() || entry.get().differs(report)) {
      return Optional.of(new Change(entry.get(), report, owed));
    }
    acknowledge(report);
    forgetEnded(report);
    return Optional.empty();
  }

  /** The journal has a change. */
  void kept(Change change) {
    acknowledge(change.report());
    change.owed().forEach(notices::deliver);
    change.waited().ifPresent(meters::started);
  }

  /** The runs whose turn it is after a change are started. */
  void planned(SchedulerState state, Change change) {
    state.find(change.report().status().run()).ifPresent(submissions::reply);
    forgetEnded(change.report());
  }

  private void forgetEnded(Scheduler.Reported report) {
    if (report.status().state().isEnded()) {
      allocations.forgetReport(report.status().run());
    }
  }

  private static void acknowledge(Scheduler.Reported report) {
    report.from().tell(RunEntity.Acknowledge.of(report));
  }
}
