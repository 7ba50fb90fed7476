package io.espalier.service.run;

import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.util.Comparator;
import java.util.Optional;

/**
 * A run in the scheduler's journal. Names are stored: none may change.
 *
 * @param number of the submission; rises and never repeats
 * @param spec without its recipe once the run's entity has that
 * @param digest of the submission
 * @param status as the entity last reported, without progress
 * @param revision of the run at that status; 0 before the first report
 * @param ahead of its priority class
 */
record ScheduledRun(
    long number,
    String run,
    RunSpec spec,
    Optional<String> key,
    String digest,
    RunStatus status,
    long revision,
    boolean ahead) {
  /** The order in which waiting runs start. */
  static final Comparator<ScheduledRun> TURN =
      Comparator.<ScheduledRun>comparingInt(entry -> -entry.spec().priority())
          .thenComparing(entry -> !entry.ahead())
          .thenComparingLong(ScheduledRun::number);

  static ScheduledRun of(SchedulerEvent.Registered registered) {
    RunSpec spec = registered.spec();
    RunStatus queued = RunStatus.queued(registered.run(), spec.name(), spec.kind(), spec.request());
    return new ScheduledRun(
        registered.number(),
        registered.run(),
        spec,
        registered.key(),
        registered.digest(),
        queued,
        0,
        false);
  }

  ScheduledRun with(SchedulerEvent.Reported reported) {
    return new ScheduledRun(
        number,
        run,
        spec.withoutRecipe(),
        key,
        digest,
        reported.status(),
        reported.revision(),
        reported.ahead());
  }

  /** Whether a report has news for the journal. */
  boolean differs(Scheduler.Reported report) {
    return revision == 0
        || state() != report.status().state()
        || status.attempt().term() != report.status().attempt().term()
        || ahead != report.ahead();
  }

  RunState state() {
    return status.state();
  }
}
