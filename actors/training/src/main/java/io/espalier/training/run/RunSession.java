package io.espalier.training.run;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.CheckpointQueue;
import io.espalier.training.HostedRun;
import io.espalier.training.Placement;
import io.espalier.training.RunActors;
import io.espalier.training.RunEnd;
import io.espalier.training.RunFingerprint;
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

/**
 * One attempt at a run in this process: wires directory, telemetry, transport and actors, waits for
 * the end, and writes the files.
 *
 * <p>{@link #stop} may be called from any thread; {@link #await} once, by the owner.
 */
public final class RunSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration REIGN_INTERVAL = Duration.ofSeconds(1);

  /**
   * What a session works on.
   *
   * @param home of Espalier on this machine
   * @param kafka the external broker, if the user named one
   * @param observer hears every event, in order, while training
   * @param notices hears what is worth a line, such as where the events go
   * @param warnings hears what the user should know, such as a damaged checkpoint
   * @param hosting where the attempt takes place; in a service {@code kafka} is that of its broker
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
      RunEnvironment hosting) {
    /** For a process that works on this run alone. */
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
  private final RunRecorder ledger;
  private final Optional<KafkaExamples> examples;
  private final CheckpointQueue checkpointQueue;
  private final EventRecorder recorder;
  private final Committer committer;
  private final Committed start;
  private final RunActors actors;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();

  private RunSession(
      Request request, RunRecorder.Opening opening, Optional<KafkaExamples> examples) {
    this.request = request;
    this.ledger = opening.ledger();
    this.examples = examples;
    PreparedRun run = examples.map(request.run()::reading).orElse(request.run());
    Optional<Checkpoint> checkpoint = opening.checkpoint();
    committer =
        checkpoint
            .map(from -> Committer.resume(run, from.committed(), from.traffic()))
            .orElseGet(() -> Committer.start(run));
    secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    start = committer.committed();
    introduce();
    start.stream().ifPresent(read -> examples.orElseThrow().begin(read.at()));
    recorder =
        new EventRecorder(
            start.run(), ledger.attempt(), startedAtStep(), start.masks().masks(), ledger::record);
    recorder.state(RunState.RUNNING);
    checkpointQueue =
        new CheckpointQueue(opening.checkpoints(), this::trainedSeconds, ledger::flush);
    actors = actors(run, opening.term());
    ResourceMeter meter = new ResourceMeter(request.directory().path(), RESOURCE_INTERVAL);
    actors.every(
        RESOURCE_INTERVAL,
        () ->
            unlessFenced(
                () -> ledger.recordResources(meter, actors.backPressure(), actors.mailboxDepth())));
    actors.every(REIGN_INTERVAL, () -> unlessFenced(request.directory()::requireReign));
  }

  /**
   * Starts or resumes the run of {@code request}'s directory.
   *
   * @throws FencedException if a later reign over it has begun
   */
  public static RunSession start(Request request) throws IOException {
    RunRecorder.Opening opening = RunRecorder.Opening.of(request);
    Optional<KafkaExamples> examples = Optional.empty();
    try {
      examples = RunExamples.of(request, opening.ledger());
      return new RunSession(request, opening, examples);
    } catch (IOException | RuntimeException | Error e) {
      examples.ifPresent(KafkaExamples::close);
      opening.ledger().close();
      throw e;
    }
  }

  private void unlessFenced(Runnable work) {
    try {
      work.run();
    } catch (FencedException e) {
      actors.fence(e.by());
    } catch (UncheckedIOException e) {
      // A look that fails is repeated; what must not happen unlooked is asked again where it
      // happens.
      LOG.warn("the run's directory could not be looked at: {}", e.getMessage());
    }
  }

  private RunActors actors(PreparedRun run, long term) {
    if (!(request.hosting() instanceof RunEnvironment.InService service)) {
      return new RunActors(new RunActors.Settings(run, committer, term, checkpointQueue, recorder));
    }
    String id = ledger.telemetry().run().value();
    HostedRun hosted =
        new HostedRun(
            id,
            request.directory().path().toAbsolutePath().toString(),
            RunFingerprint.of(request.run(), request.recipe()));
    return new RunActors(
        new RunActors.Settings(
            run,
            committer,
            term,
            checkpointQueue,
            recorder,
            run.streams() ? Placement.LOCAL : service.placement(),
            Optional.of(hosted)),
        service.system(),
        "run-%s-%d".formatted(id, term));
  }

  /** Completed steps of the checkpoint that this attempt goes on from; 0 without one. */
  public long startedAtStep() {
    return start.step();
  }

  /** Share that is gone already, of the budget where channels are pruned, or of the weights. */
  public double startedAtSparsity() {
    OptionalDouble share = CutEvents.budgetShare(start);
    return share.isPresent() ? 1 - share.getAsDouble() : start.masks().masks().sparsity();
  }

  public RunTelemetry telemetry() {
    return ledger.telemetry();
  }

  /** Asks for a checkpoint at the next sync and an end after it. */
  public void stop() {
    actors.stop();
  }

  /** Asks for a checkpoint at the next sync. */
  public void checkpoint() {
    actors.checkpoint();
  }

  /** Asks for an end at once, without a checkpoint. */
  public void cancel() {
    actors.cancel();
  }

  /** Waits for the end of training and writes what it leaves; a run that cannot has failed. */
  public RunResult await() {
    RunEnd ended = actors.await();
    examples.ifPresent(KafkaExamples::close);
    if (ended instanceof RunEnd.Completed completed) {
      return ledger.finish(recorder, completed.finished(), Map.of(), trainedSeconds());
    }
    if (ended instanceof RunEnd.Stopped stopped) {
      return ledger.stop(recorder, stopped.step());
    }
    if (ended instanceof RunEnd.Cancelled cancelled) {
      return ledger.cancel(recorder, cancelled.step());
    }
    if (ended instanceof RunEnd.Fenced fenced) {
      return new RunResult.Fenced(fenced.by());
    }
    if (ended instanceof RunEnd.NodeLost lost) {
      return ledger.lose(recorder, lost.step(), lost.cause());
    }
    RunEnd.Aborted aborted = (RunEnd.Aborted) ended;
    return ledger.fail(recorder, aborted.step(), aborted.cause());
  }

  @Override
  public void close() {
    examples.ifPresent(KafkaExamples::close);
    CloseHelper.closeAll(actors, checkpointQueue, ledger);
  }

  private void introduce() {
    ProvenanceEvents.of(request.run(), request.recipe(), ledger.attempt(), startedAtStep())
        .forEach(ledger::record);
  }

  private double trainedSeconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }
}
