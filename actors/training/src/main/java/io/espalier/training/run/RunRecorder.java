package io.espalier.training.run;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.configs.file.DiskFailure;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.view.Report;
import io.espalier.telemetry.view.Report.ReportedRun;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.model.ClassAccuracies;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.SparsityOutcome;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Records one attempt at a run: its events, and at the end model, masks, report and summary. {@link
 * #record} is thread-safe, the owner calls the rest.
 */
public final class RunRecorder implements AutoCloseable {
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

  private final RunSession.Request request;
  private final RunTelemetry telemetry;
  private final AlertMonitor alerts;
  private final ClockWatch clock = new ClockWatch(System::currentTimeMillis, System::nanoTime);

  /** An attempt whose run epoch has begun, with the newest checkpoint that counts. */
  public record Opening(
      long term,
      Checkpoints checkpoints,
      Optional<Checkpoint> checkpoint,
      Optional<String> mismatch,
      RunRecorder recorder) {
    /**
     * Begins an attempt: term, checkpoint, run epoch, and only then latencies and outbox.
     *
     * @throws InvalidConfigException if the engine computes otherwise than before and must not, or
     *     plain Java does
     * @throws FencedException if a later run epoch has begun
     */
    public static Opening of(RunSession.Request request) throws IOException {
      RunDirectory directory = request.directory();
      long term;
      if (request.environment() instanceof RunEnvironment.InService service) {
        term = service.term();
        directory.enterTerm(term);
      } else {
        term = directory.nextTerm();
      }
      Checkpoints checkpoints =
          Checkpoints.in(
              directory.checkpoints(),
              request.run(),
              request.recipe(),
              request.run().config().train().recovery().keepCheckpoints(),
              directory.runEpoch());
      Optional<Checkpoint> checkpoint = checkpoints.latest(request.warnings());
      RunBranch.requireStart(request, checkpoint);
      PreparedRun run = directory.decided(request.run());
      checkpoint.ifPresent(from -> from.requireArithmetic(run));
      Optional<String> mismatch = checkpoint.flatMap(from -> mismatch(run, from));
      directory
          .runEpoch()
          .begin(checkpoint.map(Checkpoint::origin).orElse(RunEpoch.Origin.NOTHING));
      directory.keepLatencies(request.run(), checkpoint.isEmpty());
      return new Opening(term, checkpoints, checkpoint, mismatch, RunRecorder.open(request, term));
    }

    private static Optional<String> mismatch(PreparedRun run, Checkpoint from) {
      return EngineCapability.mismatch(
          "the run",
          from.capability(),
          run.capability(from.committed().step()),
          run.config().train().compute().engine().mismatch());
    }
  }

  private RunRecorder(RunSession.Request request, RunTelemetry telemetry) {
    this.request = request;
    this.telemetry = telemetry;
    this.alerts =
        new AlertMonitor(request.run().config(), telemetry.openAlerts(), System.nanoTime());
  }

  public static RunRecorder open(RunSession.Request request, long term) throws IOException {
    return ResourceStack.open(
        opened -> {
          RunTelemetry telemetry = RunTelemetry.open(request, Math.toIntExact(term));
          opened.add(telemetry::close);
          return new RunRecorder(request, telemetry);
        });
  }

  RunTelemetry telemetry() {
    return telemetry;
  }

  public RunId run() {
    return telemetry.run();
  }

  public Optional<String> brokerAddress() {
    return telemetry.brokerAddress();
  }

  /** Records the first events of an attempt that resumes after {@code startStep} steps. */
  public void introduce(long startStep) {
    record(ProvenanceEvents.of(request.run(), request.recipe(), attempt(), startStep));
  }

  /** From 1. */
  public int attempt() {
    return telemetry.attempt();
  }

  public void record(Event event) {
    record(List.of(event));
  }

  /**
   * Sends events, and the alerts that they raise or clear, to the outbox in one write, and then to
   * the observer. Alerts that concern the result are warnings to the user too.
   */
  public synchronized void record(List<Event> events) {
    long nowNs = System.nanoTime();
    List<Event> all = events.stream().flatMap(event -> alerts.with(event, nowNs).stream()).toList();
    telemetry.append(all);
    all.forEach(request.observer());
    for (Event event : all) {
      if (event instanceof AlertRaised raised && raised.concernsResult()) {
        request.warnings().accept(raised.text());
      }
    }
  }

  /** Returns when all recorded events are on disk. */
  public void flush() {
    telemetry.flush();
  }

  /** Records the use of the machine, and a step of its wall clock; a failure is a warning. */
  public void recordResources(ResourceMeter meter, long backPressure, long mailboxDepth) {
    try {
      record(meter.measure(backPressure, mailboxDepth, telemetry.lagBytes()));
      clock.step().ifPresent(this::recordClock);
    } catch (UncheckedIOException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
    }
  }

  private void recordClock(String stepped) {
    request.warnings().accept(stepped);
    record(alerts.ofClock(stepped));
  }

  /**
   * Writes the files of a finished run; a failure to write fails the run.
   *
   * @param more facts of the summary, after those of every run
   * @param seconds of all attempts together
   */
  public RunResult finish(
      EventRecorder recorder, RunResult.Finished result, Map<String, Object> more, double seconds) {
    FinishedRun finished = result.run();
    try {
      boolean shipped = write(recorder, finished, more, seconds);
      return result.leftToShip(left(shipped));
    } catch (FencedException e) {
      return new RunResult.Fenced(e.by());
    } catch (IOException e) {
      return fail(
          recorder,
          RunSummary.steps(request.run(), finished),
          "model, report and summary must be written: directory=%s, cause=%s; %s, then resume the run"
              .formatted(request.directory().path(), e, DiskFailure.wayOut(e)));
    }
  }

  public RunResult fail(EventRecorder recorder, long step, String cause) {
    return end(recorder, new RunResult.Failed(step, cause));
  }

  /** Records the end of an unfinished attempt, unless a later run epoch has begun. */
  public RunResult end(EventRecorder recorder, RunResult result) {
    Optional<Event> last = lastEvent(result);
    if (last.isEmpty()) {
      return result;
    }
    try {
      conclude(
          recorder,
          last.get(),
          last.get() instanceof RunEvent.RunStopped stopped
              ? stopped.stateAfter()
              : RunState.FAILED);
      if (result instanceof RunResult.Failed) {
        reportFailure();
      }
      return result;
    } catch (FencedException e) {
      return new RunResult.Fenced(e.by());
    }
  }

  /** A failed run has no summary; its events say how far it came. */
  private void reportFailure() {
    try {
      request.directory().requireRunEpoch();
      RunReport.of(request.directory().path()).write(Optional.empty());
    } catch (InvalidRunDirectoryException | UncheckedIOException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Event> lastEvent(RunResult result) {
    if (result instanceof RunResult.Paused paused) {
      return stopped(paused.step(), "interrupted", RunState.PAUSED);
    }
    if (result instanceof RunResult.Cancelled cancelled) {
      return stopped(cancelled.step(), "cancelled", RunState.CANCELLED);
    }
    if (result instanceof RunResult.Interrupted interrupted) {
      return stopped(interrupted.step(), interrupted.cause(), RunState.QUEUED);
    }
    if (result instanceof RunResult.NodeLost lost) {
      return stopped(lost.step(), "node lost: " + lost.cause(), RunState.QUEUED);
    }
    return result instanceof RunResult.Failed failed
        ? Optional.of(new RunEvent.RunFailed(attempt(), failed.step(), failed.cause()))
        : Optional.empty();
  }

  private Optional<Event> stopped(long step, String reason, String state) {
    return Optional.of(new RunEvent.RunStopped(attempt(), step, reason, Optional.of(state)));
  }

  @Override
  public void close() {
    telemetry.close();
  }

  /** Returns whether all telemetry is shipped. */
  private boolean write(
      EventRecorder recorder, FinishedRun finished, Map<String, Object> more, double seconds)
      throws IOException {
    RunDirectory directory = request.directory();
    PreparedRun run = request.run();
    directory.requireRunEpoch();
    ModelFile.write(directory.model(), run, finished.committed(), request.recipe());
    CrashPoint.MODEL_WRITTEN.pass();
    MaskFile.write(directory.masks(), finished.committed().masks().masks());
    int cuts = telemetry.cutsUntil(recorder.startStep()) + recorder.cuts();
    Map<String, Object> summary =
        RunSummary.of(
            RunIdFile.label(directory.path()), telemetry.run(), run, finished, cuts, seconds);
    summary.putAll(RunSummary.sizes(run, finished.committed(), Files.size(directory.model())));
    summary.putAll(more);
    boolean shipped =
        conclude(
            recorder,
            new RunEvent.RunFinished(
                attempt(),
                RunSummary.steps(run, finished),
                finished.test().accuracy(),
                finished.test().loss(),
                finished.committed().masks().masks().kept(),
                seconds,
                EarlyEnd.reason(finished),
                run.dataset().metric().bits(finished.test().loss())),
            RunState.FINISHED);
    SparsityOutcome.of(finished.committed())
        .filter(outcome -> !outcome.isWithinTolerance())
        .ifPresent(outcome -> request.warnings().accept(outcome.notice()));
    CrashPoint.RUN_CONCLUDED.pass();
    directory.requireRunEpoch();
    Optional<Map<String, Object>> confusion =
        ClassAccuracies.of(run.dataset().classNames(), finished.test()).map(ClassAccuracies::facts);
    if (confusion.isPresent()) {
      directory.writeText(RunDirectory.CONFUSION, Json.LENIENT.writeValueAsString(confusion.get()));
    }
    Report.write(
        new ReportedRun(
            directory.path(),
            OptionalLong.of(Files.size(directory.model())),
            summary,
            confusion.orElse(Map.of())),
        Optional.empty(),
        directory.report());
    CrashPoint.REPORT_WRITTEN.pass();
    directory.writeText(
        "summary.json",
        Json.LENIENT.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
    CrashPoint.SUMMARY_WRITTEN.pass();
    return shipped;
  }

  private Optional<String> left(boolean shipped) {
    return shipped
        ? Optional.empty()
        : Optional.of(
            "no broker acknowledged all events; the next run of this home ships the rest"
                + telemetry.problem().map(why -> " (" + why + ")").orElse(""));
  }

  /**
   * Records the last events; telemetry that fails now is a warning. Returns whether all is shipped.
   */
  private boolean conclude(EventRecorder recorder, Event last, String state) {
    try {
      record(last);
      recorder.state(state);
      telemetry.flush();
      return telemetry.conclude(DRAIN_LIMIT);
    } catch (FencedException e) {
      throw e;
    } catch (RuntimeException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
