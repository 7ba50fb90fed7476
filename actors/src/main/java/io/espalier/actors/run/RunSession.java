package io.espalier.actors.run;

import io.espalier.actors.events.EventRecorder;
import io.espalier.actors.events.Introduction;
import io.espalier.actors.events.ResourceMeter;
import io.espalier.actors.supervision.RunActors;
import io.espalier.actors.training.CheckpointQueue;
import io.espalier.actors.training.RunEnd;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.model.Macs;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.Committer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/**
 * One attempt at a run in this process: wires directory, telemetry, transport and actors, waits for
 * the end, and writes the files.
 *
 * <p>{@link #stop} may be called from any thread; {@link #await} once, by the owner.
 */
public final class RunSession implements AutoCloseable {
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

  /**
   * What a session works on.
   *
   * @param home of Espalier on this machine
   * @param kafka the external broker, if the user named one
   * @param observer hears every event, in order, while training
   * @param notices hears what is worth a line, such as where the events go
   * @param warnings hears what the user should know, such as a damaged checkpoint
   */
  public record Request(
      PreparedRun run,
      String recipe,
      RunDirectory directory,
      Path home,
      Optional<BrokerAccess> kafka,
      Consumer<Event> observer,
      Consumer<String> notices,
      Consumer<String> warnings) {}

  private final Request request;
  private final RunTelemetry telemetry;
  private final CheckpointQueue checkpointQueue;
  private final EventRecorder recorder;
  private final Committer committer;
  private final Committed start;
  private final RunActors actors;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();

  private RunSession(Request request, RunTelemetry telemetry, long term) throws IOException {
    this.request = request;
    this.telemetry = telemetry;
    PreparedRun run = request.run();
    Checkpoints checkpoints =
        Checkpoints.in(
            request.directory().checkpoints(),
            run,
            request.recipe(),
            run.config().train().keepCheckpoints());
    Optional<Checkpoint> checkpoint = checkpoints.latest(request.warnings());
    committer =
        checkpoint
            .map(from -> Committer.resume(run, from.committed(), from.traffic()))
            .orElseGet(() -> Committer.start(run));
    secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    start = committer.committed();
    introduce();
    recorder =
        new EventRecorder(
            run, telemetry.attempt(), startedAtStep(), startedAtSparsity(), this::record);
    recorder.state(RunState.RUNNING);
    checkpointQueue = new CheckpointQueue(checkpoints, this::trainedSeconds, telemetry::flush);
    actors = new RunActors(new RunActors.Settings(run, committer, term, checkpointQueue, recorder));
    ResourceMeter meter = new ResourceMeter();
    actors.every(RESOURCE_INTERVAL, () -> recordResources(meter));
  }

  /** Starts or resumes the run of {@code request}'s directory. */
  public static RunSession start(Request request) throws IOException {
    RunDirectory directory = request.directory();
    long term = directory.nextTerm();
    RunTelemetry telemetry = RunTelemetry.open(request, Math.toIntExact(term));
    try {
      return new RunSession(request, telemetry, term);
    } catch (IOException | RuntimeException e) {
      telemetry.close();
      throw e;
    }
  }

  /** Completed steps of the checkpoint that this attempt goes on from; 0 without one. */
  public long startedAtStep() {
    return start.step();
  }

  public double startedAtSparsity() {
    return start.masks().masks().sparsity();
  }

  public RunTelemetry telemetry() {
    return telemetry;
  }

  /** Asks for a checkpoint at the next sync and an end after it. */
  public void stop() {
    actors.stop();
  }

  /** Waits for the end of training and writes what it leaves; a run that cannot has failed. */
  public RunResult await() {
    RunEnd ended = actors.await();
    if (ended instanceof RunEnd.Completed completed) {
      return finish(completed.finished());
    }
    if (ended instanceof RunEnd.Stopped stopped) {
      conclude(
          new RunEvent.RunStopped(telemetry.attempt(), stopped.step(), "interrupted"),
          RunState.STOPPED);
      return new RunResult.Stopped(stopped.step());
    }
    RunEnd.Aborted aborted = (RunEnd.Aborted) ended;
    return fail(aborted.step(), aborted.cause());
  }

  private RunResult fail(long step, String cause) {
    conclude(new RunEvent.RunFailed(telemetry.attempt(), step, cause), RunState.FAILED);
    return new RunResult.Failed(step, cause);
  }

  @Override
  public void close() {
    CloseHelper.closeAll(actors, checkpointQueue, telemetry);
  }

  private RunResult finish(FinishedRun finished) {
    try {
      return write(finished);
    } catch (IOException e) {
      return fail(
          request.run().plan().totalSteps(),
          "model, report and summary must be written: directory=%s, cause=%s; make room on its disk"
              .formatted(request.directory().path(), e));
    }
  }

  private RunResult write(FinishedRun finished) throws IOException {
    RunDirectory directory = request.directory();
    RunArtifacts.writeModel(directory, request.run(), finished, request.recipe());
    double seconds = trainedSeconds();
    Macs macs = Macs.of(request.run().network(), finished.committed().masks().masks());
    Map<String, Object> summary =
        RunSummary.of(telemetry.run().value(), request.run(), finished, macs, seconds);
    boolean shipped =
        conclude(
            new RunEvent.RunFinished(
                telemetry.attempt(),
                request.run().plan().totalSteps(),
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
    Optional<String> left =
        shipped
            ? Optional.empty()
            : Optional.of(
                "no broker acknowledged all events; the next run of this home ships the rest"
                    + telemetry.problem().map(why -> " (" + why + ")").orElse(""));
    return new RunResult.Finished(directory.report(), finished, left);
  }

  /**
   * Tells the last events. Telemetry that fails now is a warning: the run's end stands.
   *
   * @return whether a broker acknowledged everything
   */
  private boolean conclude(Event last, String state) {
    try {
      record(last);
      recorder.state(state);
      telemetry.flush();
      return telemetry.drain(DRAIN_LIMIT);
    } catch (RuntimeException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void introduce() {
    Introduction.of(request.run(), request.recipe(), telemetry.attempt(), startedAtStep())
        .forEach(this::record);
  }

  /** Where that fails, the next event of the run decides what becomes of it. */
  private void recordResources(ResourceMeter meter) {
    try {
      record(meter.measure(actors.backPressure(), telemetry.lagBytes()));
    } catch (UncheckedIOException e) {
      request.warnings().accept(String.valueOf(e.getMessage()));
    }
  }

  private synchronized void record(Event event) {
    telemetry.append(event);
    request.observer().accept(event);
  }

  private double trainedSeconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }
}
