package io.espalier.training.run;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.CheckpointQueue;
import io.espalier.training.HostedRun;
import io.espalier.training.Placement;
import io.espalier.training.RunActors;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a training run in this process, with its telemetry, actors and final files. */
public final class RunSession implements RunHandle {
  private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration KEEP_INTERVAL = Duration.ofSeconds(1);
  private static final Duration EPOCH_INTERVAL = Duration.ofSeconds(1);

  /**
   * An attempt to start.
   *
   * @param home of Espalier on this machine
   * @param kafka the external broker, if the user named one; unused in a service
   * @param observer receives every event, in order, while training
   * @param notices receives lines for the user, such as the address of events
   */
  public record Request(
      PreparedRun run,
      String recipe,
      RunDirectory directory,
      Path home,
      Optional<BrokerAccess> kafka,
      Consumer<Event> observer,
      Consumer<String> notices,
      Consumer<String> warnings,
      RunEnvironment environment) {
    /** In its own process. */
    public Request(
        PreparedRun run,
        String recipe,
        RunDirectory directory,
        Path home,
        Optional<BrokerAccess> kafka,
        Consumer<Event> observer,
        Consumer<String> notices,
        Consumer<String> warnings) {
      this(
          run,
          recipe,
          directory,
          home,
          kafka,
          observer,
          notices,
          warnings,
          new RunEnvironment.Alone());
    }
  }

  private final Request request;
  private final RunRecorder recorder;
  private final Optional<KafkaExamples> examples;
  private final Checkpoints checkpoints;
  private final Optional<Path> startCheckpoint;
  private final CheckpointQueue checkpointQueue;
  private final KeptFiles kept;
  private final EventRecorder events;
  private final Committer committer;
  private final Committed start;
  private final RunActors actors;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();
  private volatile boolean trained;

  private RunSession(
      Request request, RunRecorder.Opening opening, Optional<KafkaExamples> examples) {
    this.request = request;
    this.recorder = opening.recorder();
    this.examples = examples;
    PreparedRun run = examples.map(request.run()::reading).orElse(request.run());
    checkpoints = opening.checkpoints();
    Optional<Checkpoint> checkpoint = opening.checkpoint();
    startCheckpoint = checkpoint.map(Checkpoint::directory);
    committer =
        checkpoint
            .map(from -> Committer.resume(run, from.committed(), from.traffic(), from.validation()))
            .orElseGet(() -> Committer.start(run));
    secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    start = committer.committed();
    recorder.introduce(startStep());
    start.stream().ifPresent(read -> examples.orElseThrow().begin(read.at()));
    events =
        new EventRecorder(
            start.run(), recorder.attempt(), startStep(), start.masks().masks(), recorder::record);
    events.state(RunState.RUNNING);
    kept = new KeptFiles(request.directory(), run, request.recipe());
    checkpointQueue = new CheckpointQueue(checkpoints, this::trainedSeconds, this::flush);
    actors = actors(run, opening.term());
    ResourceMeter meter = new ResourceMeter(request.directory().path(), RESOURCE_INTERVAL);
    actors.every(
        RESOURCE_INTERVAL,
        () ->
            unlessFenced(
                () ->
                    recorder.recordResources(meter, actors.backPressure(), actors.mailboxDepth())));
    actors.every(EPOCH_INTERVAL, () -> unlessFenced(request.directory()::requireRunEpoch));
    actors.every(KEEP_INTERVAL, () -> unlessFenced(kept::flush));
  }

  /** Everything that must not be older than a checkpoint. */
  private void flush() {
    recorder.flush();
    kept.flush();
  }

  /** Starts or resumes a run; throws {@link FencedException} if a later run epoch has begun. */
  public static RunSession start(Request request) throws IOException {
    RunRecorder.Opening opening = RunRecorder.Opening.of(request);
    Optional<KafkaExamples> examples = Optional.empty();
    try {
      examples = KafkaExamples.open(request, opening.recorder());
      return new RunSession(request, opening, examples);
    } catch (IOException | RuntimeException | Error e) {
      examples.ifPresent(KafkaExamples::close);
      opening.recorder().close();
      throw e;
    }
  }

  private void unlessFenced(Runnable work) {
    try {
      work.run();
    } catch (FencedException e) {
      actors.fence(e.by());
    } catch (UncheckedIOException e) {
      // Repeated at the next interval; each write checks the run epoch itself.
      LOG.warn("the run's directory could not be read: {}", e.getMessage());
    }
  }

  private RunActors actors(PreparedRun run, long term) {
    if (!(request.environment() instanceof RunEnvironment.InService service)) {
      return new RunActors(
          new RunActors.Settings(
              run,
              committer,
              term,
              checkpointQueue,
              events,
              kept,
              Placement.LOCAL,
              Optional.empty()));
    }
    String id = recorder.run().value();
    HostedRun hosted =
        new HostedRun(
            id,
            request.directory().path().toAbsolutePath().toString(),
            HostedRun.Fingerprint.of(request.run(), request.recipe()));
    return new RunActors(
        new RunActors.Settings(
            run,
            committer,
            term,
            checkpointQueue,
            events,
            kept,
            run.streams() ? Placement.LOCAL : service.placement(),
            Optional.of(hosted)),
        service.system(),
        "run-%s-%d".formatted(id, term));
  }

  @Override
  public long startStep() {
    return start.step();
  }

  @Override
  public long totalSteps() {
    return request.run().plan().totalSteps();
  }

  /** Directory of the checkpoint that this attempt goes on from. */
  public Optional<Path> startCheckpoint() {
    return startCheckpoint;
  }

  /** Share that is pruned at the start, of the budget for channels, otherwise of the weights. */
  public double startSparsity() {
    OptionalDouble share = CutEvents.budgetShare(start);
    return share.isPresent() ? 1 - share.getAsDouble() : start.masks().masks().sparsity();
  }

  public Optional<String> brokerAddress() {
    return recorder.brokerAddress();
  }

  @Override
  public void pause() {
    actors.pause();
  }

  @Override
  public void checkpoint() {
    actors.checkpoint();
  }

  @Override
  public void cancel() {
    actors.cancel();
  }

  @Override
  public void interrupt(String cause) {
    actors.interrupt(cause);
  }

  /** After the end of training the thread that waits for it decides. */
  @Override
  public void ping(Runnable pong) {
    if (trained) {
      pong.run();
    } else {
      actors.ping(pong);
    }
  }

  /** Waits for the end of training and writes the run's files; a run that cannot has failed. */
  @Override
  public RunResult await() {
    RunResult result = actors.await();
    trained = true;
    examples.ifPresent(KafkaExamples::close);
    if (result instanceof RunResult.Finished finished) {
      Optional<RunResult> failure = lastFlush(finished.step());
      if (failure.isPresent()) {
        return failure.get();
      }
      keepFinalState(finished.run());
      return recorder.finish(events, finished.run(), Map.of(), trainedSeconds());
    }
    unlessFenced(kept::flush);
    return recorder.end(events, result);
  }

  private Optional<RunResult> lastFlush(long step) {
    try {
      kept.flush();
      return Optional.empty();
    } catch (FencedException e) {
      return Optional.of(new RunResult.Fenced(e.by()));
    } catch (UncheckedIOException e) {
      return Optional.of(
          recorder.fail(
              events,
              step,
              "the best network and all masks must be written: directory=%s, cause=%s; make room on its disk"
                  .formatted(request.directory().path(), e.getCause())));
    }
  }

  /** A run is finished without this state; only one that is to train it on needs it. */
  private void keepFinalState(FinishedRun finished) {
    try {
      checkpoints.writeFinal(
          finished.committed(), finished.traffic(), finished.validation(), trainedSeconds());
    } catch (FencedException e) {
      LOG.debug("a later run epoch writes the final state", e);
    } catch (IOException | UncheckedIOException e) {
      request
          .warnings()
          .accept(
              "the state of the end could not be kept, so the run cannot be extended: "
                  + e.getMessage());
    }
  }

  @Override
  public void close() {
    examples.ifPresent(KafkaExamples::close);
    CloseHelper.closeAll(actors, checkpointQueue, recorder);
  }

  private double trainedSeconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }
}
