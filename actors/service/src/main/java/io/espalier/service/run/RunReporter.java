package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.Optional;

/**
 * Reports a run to the scheduler until that acknowledges it, and holds a run back whose attempts
 * died. Belongs to the run's entity.
 */
final class RunReporter {
  private static final Duration REPEAT = Duration.ofSeconds(2);

  private final RunHost host;
  private final TimerScheduler<RunEntity.Command> timers;
  private final ActorRef<RunEntity.Command> entity;

  RunReporter(
      RunHost host, TimerScheduler<RunEntity.Command> timers, ActorRef<RunEntity.Command> entity) {
    this.host = host;
    this.timers = timers;
    this.entity = entity;
  }

  void report(JournaledRun run, Optional<RunAttempt> attempt) {
    host.scheduler()
        .accept(
            new Scheduler.Reported(
                run.status(attempt.flatMap(RunAttempt::progress)),
                run.revision(),
                run.ahead(),
                run.trainers(),
                host.node(),
                entity,
                backOff(run),
                host.attempts().alerts().of(run.id())));
    timers.startSingleTimer(RunEntity.Repeat.class, new RunEntity.Repeat(), REPEAT);
  }

  /** Whether the scheduler has not acknowledged the latest report. */
  boolean isUnanswered() {
    return timers.isTimerActive(RunEntity.Repeat.class);
  }

  /** Returns whether the scheduler has the latest report of the run. */
  boolean acknowledged(JournaledRun run, RunEntity.Acknowledge message) {
    host.attempts().alerts().acknowledged(run.id(), message.alerts());
    if (message.revision() < run.revision()) {
      return false;
    }
    timers.cancel(RunEntity.Repeat.class);
    return true;
  }

  void startBackOff(JournaledRun run) {
    run.backOff()
        .ifPresent(
            wait ->
                timers.startSingleTimer(
                    RunEntity.EndBackOff.class, new RunEntity.EndBackOff(), wait));
  }

  private Optional<String> backOff(JournaledRun run) {
    return run.backOff()
        .filter(wait -> timers.isTimerActive(RunEntity.EndBackOff.class))
        .map(run::backOffCause);
  }
}
