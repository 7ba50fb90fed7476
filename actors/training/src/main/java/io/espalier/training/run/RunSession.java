package io.espalier.training.run;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.configs.file.DiskFailure;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a training run in this process, with its telemetry, actors and final files. */
public final class RunSession implements RunHandle {
  private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration KEEP_INTERVAL = Duration.ofSeconds(1);
  private static final String STEP_TIMES = "step-times";
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
  private final ResourceStack opened;
  private final RunRecorder recorder;
  private final Optional<KafkaExamples> examples;
  private final Checkpoints checkpoints;
  private final Optional<Path> startCheckpoint;
  private final CheckpointQueue checkpointQueue;
  private final KeptFiles kept;
  private final EventRecorder events;
  private final Committer committer;
  private final long startStep;
  private final double startSparsity;
  private final RunActors actors;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();
  private volatile boolean trained;

  private RunSession(Request request, ResourceStack opened) throws IOException {
    this.request = request;
    this.opened = opened;
    RunRecorder.Opening opening = RunRecorder.Opening.of(request);
    recorder = opening.recorder();
    opened.add(recorder::close);
    CrashPoint.RECORDER_OPENED.pass();
    examples = KafkaExamples.open(request, recorder);
    checkpoints = opening.checkpoints();
    Optional<Checkpoint> checkpoint = opening.checkpoint();
    long reached = checkpoint.map(from -> from.committed().step()).orElse(0L);
    Path home = request.home();
    Optional<Path> times = CodeVersion.build().map(home.resolve(STEP_TIMES)::resolve);
    PreparedRun decided = request.directory().decided(request.run(), reached, times);
    decided.requireBackEnds(reached);
    PreparedRun run = examples.map(decided::reading).orElse(decided);
    startCheckpoint = checkpoint.map(Checkpoint::directory);
    committer =
        checkpoint
            .map(from -> Committer.resume(run, from.committed(), from.traffic(), from.validation()))
            .orElseGet(() -> Committer.start(run));
    secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    Committed start = committer.committed();
    startStep = start.step();
    startSparsity = sparsity(start);
    recorder.introduce(startStep);
    start.stream().ifPresent(read -> examples.orElseThrow().begin(read.at()));
    events =
        new EventRecorder(
            start.run(), recorder.attempt(), startStep, start.masks().masks(), recorder::record);
    events.state(RunState.RUNNING);
    opening.mismatch().ifPresent(text -> events.differs(startStep, text));
    kept = new KeptFiles(request.directory(), run, request.recipe());
    checkpointQueue = new CheckpointQueue(checkpoints, this::trainedSeconds, this::flush);
    opened.add(checkpointQueue::close);
    actors = actors(run, opening.term());
    opened.add(actors::close);
    // First of all when it closes: trainers may wait for records.
    opened.add(() -> examples.ifPresent(KafkaExamples::close));
    CrashPoint.ACTORS_STARTED.pass();
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
    return ResourceStack.open(opened -> new RunSession(request, opened));
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
    Optional<RunEnvironment.InService> service =
        request.environment() instanceof RunEnvironment.InService shared
            ? Optional.of(shared)
            : Optional.empty();
    RunActors.Settings settings =
        new RunActors.Settings(
            run,
            committer,
            term,
            checkpointQueue,
            events,
            kept,
            service
                .filter(shared -> !run.streams())
                .map(RunEnvironment.InService::placement)
                .orElse(Placement.LOCAL),
            service.map(shared -> hosted()));
    return service
        .map(shared -> RunActors.start(settings, shared.system(), name(term)))
        .orElseGet(() -> RunActors.start(settings));
  }

  private String name(long term) {
    return "run-%s-%d".formatted(recorder.run().value(), term);
  }

  private HostedRun hosted() {
    return new HostedRun(
        recorder.run().value(),
        request.directory().path().toAbsolutePath().toString(),
        HostedRun.Fingerprint.of(request.run(), request.recipe()));
  }

  @Override
  public long startStep() {
    return startStep;
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
    return startSparsity;
  }

  private static double sparsity(Committed start) {
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
      return recorder.finish(events, finished, Map.of(), trainedSeconds());
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
      IOException cause = Objects.requireNonNull(e.getCause());
      return Optional.of(
          recorder.fail(
              events,
              step,
              "the best network and all masks must be written: directory=%s, cause=%s; %s, then resume the run"
                  .formatted(request.directory().path(), cause, DiskFailure.wayOut(cause))));
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
    opened.close();
  }

  private double trainedSeconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }
}
