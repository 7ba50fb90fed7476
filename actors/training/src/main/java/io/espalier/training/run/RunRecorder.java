package io.espalier.training.run;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt at a run says and leaves: its events, and at the end model, masks, report and
 * summary.
 *
 * <p>{@link #record} may be called from any thread, the rest by the owner.
 */
public final class RunRecorder implements AutoCloseable {
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

  private final RunSession.Request request;
  private final RunTelemetry telemetry;
  private final AlertMonitor alerts;

  /**
   * An attempt that has begun: its reign stands, and with it what the attempt goes on from.
   *
   * @param checkpoint the newest that counts
   */
  public record Opening(
      long term, Checkpoints checkpoints, Optional<Checkpoint> checkpoint, RunRecorder ledger) {
    /**
     * Begins the attempt that a request asks for: term, checkpoint, reign, and only then the
     * outbox.
     *
     * @throws FencedException if a later reign has begun
     */
    public static Opening of(RunSession.Request request) throws IOException {
      RunDirectory directory = request.directory();
      long term = request.hosting().takeTerm(directory);
      Checkpoints checkpoints =
          Checkpoints.in(
              directory.checkpoints(),
              request.run(),
              request.recipe(),
              request.run().config().train().keepCheckpoints(),
              directory.reign());
      Optional<Checkpoint> checkpoint = checkpoints.latest(request.warnings());
      directory.reign().begin(checkpoint.map(Checkpoint::origin).orElse(RunEpoch.Origin.NOTHING));
      return new Opening(term, checkpoints, checkpoint, RunRecorder.open(request, term));
    }
  }

  private RunRecorder(RunSession.Request request, RunTelemetry telemetry) {
    this.request = request;
    this.telemetry = telemetry;
    this.alerts =
        new AlertMonitor(request.run().config(), telemetry.openAlerts(), System.nanoTime());
  }

  /** Opens the ledger of the request's directory for the attempt of this number. */
  public static RunRecorder open(RunSession.Request request, long term) throws IOException {
    return new RunRecorder(request, RunTelemetry.open(request, Math.toIntExact(term)));
  }

  public RunTelemetry telemetry() {
    return telemetry;
  }

  /** Number of this attempt, from 1. */
  public int attempt() {
    return telemetry.attempt();
  }

  /**
   * Says that something happened, in the outbox and to whoever looks on, and which alerts that
   * raises or clears.
   */
  public synchronized void record(Event event) {
    for (Event each : alerts.with(event, System.nanoTime())) {
      telemetry.append(each);
      request.observer().accept(each);
    }
  }

  /** Returns when what was recorded is on the disk. */
  public void flush() {
    telemetry.flush();
  }

  /** Says how much of the machine is used; where that fails, the run's next event decides. */
  public void recordResources(ResourceMeter meter, long backPressure, long mailboxDepth) {
    try {
      record(meter.measure(backPressure, mailboxDepth, telemetry.lagBytes()));
    } catch (UncheckedIOException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes what a finished run leaves; a run that cannot has failed.
   *
   * @param recorder of the run's state
   * @param more facts of the summary, behind those that every run has
   * @param seconds that the run took over all its attempts
   */
  public RunResult finish(
      EventRecorder recorder, FinishedRun finished, Map<String, Object> more, double seconds) {
    try {
      return write(recorder, finished, more, seconds);
    } catch (FencedException e) {
      return new RunResult.Fenced(e.by());
    } catch (IOException e) {
      return fail(
          recorder,
          request.run().plan().totalSteps(),
          "model, report and summary must be written: directory=%s, cause=%s; make room on its disk"
              .formatted(request.directory().path(), e));
    }
  }

  /** Ends an attempt that left a checkpoint to go on from. */
  public RunResult stop(EventRecorder recorder, long step) {
    return end(
        recorder,
        new RunEvent.RunStopped(attempt(), step, "interrupted"),
        RunState.STOPPED,
        new RunResult.Stopped(step));
  }

  /** Ends an attempt that nobody wants to go on. */
  public RunResult cancel(EventRecorder recorder, long step) {
    return end(
        recorder,
        new RunEvent.RunStopped(attempt(), step, "cancelled"),
        RunState.STOPPED,
        new RunResult.Cancelled(step));
  }

  /** Ends an attempt that goes on elsewhere. */
  RunResult lose(EventRecorder recorder, long step, String cause) {
    return end(
        recorder,
        new RunEvent.RunStopped(attempt(), step, "node lost: " + cause),
        RunState.STOPPED,
        new RunResult.NodeLost(step, cause));
  }

  /** Ends an attempt without a result. */
  public RunResult fail(EventRecorder recorder, long step, String cause) {
    return end(
        recorder,
        new RunEvent.RunFailed(attempt(), step, cause),
        RunState.FAILED,
        new RunResult.Failed(step, cause));
  }

  /** An end that nobody is told of if a later reign has begun. */
  private RunResult end(EventRecorder recorder, Event last, String state, RunResult result) {
    try {
      conclude(recorder, last, state);
      return result;
    } catch (FencedException e) {
      return new RunResult.Fenced(e.by());
    }
  }

  @Override
  public void close() {
    telemetry.close();
  }

  private RunResult write(
      EventRecorder recorder, FinishedRun finished, Map<String, Object> more, double seconds)
      throws IOException {
    RunDirectory directory = request.directory();
    PreparedRun run = request.run();
    RunArtifacts.writeModel(directory, run, finished, request.recipe());
    int cuts = telemetry.cutsUntil(recorder.startStep()) + recorder.cuts();
    Map<String, Object> summary =
        RunSummary.of(telemetry.run().value(), run, finished, cuts, seconds);
    summary.putAll(RunSummary.sizes(run, finished.committed(), Files.size(directory.model())));
    summary.putAll(more);
    boolean shipped =
        conclude(
            recorder,
            new RunEvent.RunFinished(
                attempt(),
                run.plan().totalSteps(),
                finished.test().accuracy(),
                finished.test().loss(),
                finished.committed().masks().masks().kept(),
                seconds),
            RunState.FINISHED);
    CrashPoint.RUN_CONCLUDED.pass();
    RunArtifacts.writeReport(directory, summary);
    CrashPoint.REPORT_WRITTEN.pass();
    RunArtifacts.writeSummary(directory, summary);
    CrashPoint.SUMMARY_WRITTEN.pass();
    return new RunResult.Finished(directory.report(), finished, left(shipped));
  }

  private Optional<String> left(boolean shipped) {
    return shipped
        ? Optional.empty()
        : Optional.of(
            "no broker acknowledged all events; the next run of this home ships the rest"
                + telemetry.problem().map(why -> " (" + why + ")").orElse(""));
  }

  /**
   * Tells the last events. Telemetry that fails now is a warning: the run's end stands.
   *
   * @return whether a broker acknowledged everything
   */
  private boolean conclude(EventRecorder recorder, Event last, String state) {
    try {
      record(last);
      recorder.state(state);
      telemetry.flush();
      return telemetry.drain(DRAIN_LIMIT);
    } catch (FencedException e) {
      throw e;
    } catch (RuntimeException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
