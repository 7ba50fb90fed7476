package io.espalier.federation.server;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundMerge;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.ServerReplica;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.Traffic;
import io.espalier.training.RunResult;
import io.espalier.training.run.EventRecorder;
import io.espalier.training.run.RunRecorder;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongFunction;

/**
 * One attempt at a federation: opens directory and telemetry, merges the results of each round,
 * writes checkpoints and the files of a finished run. It does not know where results come from.
 * Owns an engine replica: all calls must come from the thread that started it.
 */
public final class FederationSession implements AutoCloseable {
  private final PreparedFederation federation;
  private final RunRecorder recorder;
  private final Checkpoints checkpoints;
  private final NestedNetworks networks;
  private final ResourceStack opened;
  private final Map<Double, LocalReplica> replicas = new HashMap<>();
  private final FederatedCourse course;
  private final EventRecorder eventRecorder;
  private final RoundEvents roundEvents;
  private final LossAcceptance judge;
  private final long startedAtRound;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();
  private Traffic traffic;

  private FederationSession(
      PreparedFederation federation, RunRecorder.Opening opening, ResourceStack opened)
      throws IOException {
    this.federation = federation;
    this.opened = opened;
    this.recorder = opening.recorder();
    this.checkpoints = opening.checkpoints();
    Optional<Checkpoint> checkpoint = opening.checkpoint();
    this.secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    this.traffic = checkpoint.map(Checkpoint::traffic).orElse(new Traffic(0, 0));
    this.networks = NestedNetworks.of(federation);
    this.startedAtRound = checkpoint.map(from -> from.committed().step()).orElse(0L);
    PreparedRun values = federation.values();
    MaskSet masks =
        checkpoint
            .map(from -> from.committed().masks().masks())
            .orElseGet(() -> MaskSet.dense(values.layout(), values.prunableIds()));
    recorder.introduce(startedAtRound);
    this.eventRecorder =
        new EventRecorder(values, recorder.attempt(), startedAtRound, masks, recorder::record);
    this.roundEvents = new RoundEvents(federation, recorder::record);
    roundEvents.described();
    this.judge =
        new LossAcceptance(
            federation.rounds().merge().lossBound(),
            federation.run().dataset().classes(),
            (state, held) -> evaluator(1).heldOutLoss(state, held));
    eventRecorder.state(RunState.RUNNING);
    this.course =
        checkpoint
            .map(from -> FederatedCourse.resume(federation, from.committed()))
            .orElseGet(
                () ->
                    FederatedCourse.start(
                        federation, new ServerReplica(federation, replica(1)).initial()));
    if (checkpoint.isEmpty()) {
      course.open().ifPresent(update -> masksUpdated(update, 0));
      checkpoint();
    }
  }

  /** Starts or resumes the federation of the request's directory. */
  public static FederationSession start(PreparedFederation federation, RunSession.Request request)
      throws IOException {
    return ResourceStack.open(
        opened -> {
          RunRecorder.Opening opening = RunRecorder.Opening.of(request);
          opened.add(opening.recorder()::close);
          return new FederationSession(federation, opening, opened);
        });
  }

  /**
   * The counts of a round.
   *
   * @param reported clients whose results count
   * @param late clients that were still at work when it closed
   * @param lost clients that were invited and not connected any more when it closed
   * @param refused results that did not belong
   * @param bytesDense size of dense models both ways for the same clients
   * @param seconds from the invitation to the close
   */
  public record Tally(
      int invited,
      int reported,
      int late,
      int lost,
      int refused,
      long bytesUp,
      long bytesDown,
      long bytesDense,
      double seconds) {}

  /** Completed rounds of the checkpoint that this attempt resumed from; 0 without one. */
  public long startedAtRound() {
    return startedAtRound;
  }

  public FederatedCourse course() {
    return course;
  }

  public RunRecorder recorder() {
    return recorder;
  }

  public void record(Event event) {
    recorder.record(event);
  }

  public void started(RoundWork work, int invited, int connected) {
    roundEvents.started(work, course.model(), invited, connected);
  }

  public NestedNetworks networks() {
    return networks;
  }

  /** A replica of the network of a width, for clients that work in the same thread. */
  public LocalReplica replica(double width) {
    return replicas.computeIfAbsent(
        width,
        each -> {
          LocalReplica replica = LocalReplica.of(networks.at(each).federation().run(), () -> {});
          opened.add(replica::close);
          return replica;
        });
  }

  /**
   * Merges and stores contributions in the order of the clients' names, reading each once; {@code
   * tiers} counts clients, to evaluate the model as they hold it.
   */
  public RoundMerge merge(
      Iterable<Contribution> contributions, Tally tally, SortedMap<DeviceTier, Integer> tiers)
      throws IOException {
    RoundWork work = course.next().orElseThrow();
    long start = System.nanoTime();
    RoundMerge merge = merged(contributions);
    double aggregateSeconds = (System.nanoTime() - start) / 1e9;
    traffic =
        new Traffic(
            traffic.sent() + tally.bytesUp() + tally.bytesDown(),
            traffic.dense() + tally.bytesDense());
    if (!merge.adopted()) {
      record(judge.last().orElseThrow().rejected(work.key(), course.model().step()));
    }
    roundEvents.completed(work, tally, merge, course.model(), aggregateSeconds);
    merge
        .choice()
        .ifPresent(
            choice ->
                recorder.record(
                    new CandidateChosen(
                        choice.candidate(), choice.losses().size(), choice.losses())));
    merge.update().ifPresent(update -> masksUpdated(update, aggregateSeconds));
    if (work.kind().trains() && isEvaluated(course.model().step())) {
      evaluate(work, tiers);
    }
    if (work.kind() != RoundWork.Kind.MEASURE_NORMS) {
      checkpoint();
    }
    return merge;
  }

  private RoundMerge merged(Iterable<Contribution> contributions) throws IOException {
    try {
      return course.merge(contributions, judge);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isEvaluated(long completed) {
    return completed % federation.rounds().evaluateEvery() == 0
        || completed == federation.rounds().rounds();
  }

  private void masksUpdated(MaskUpdate update, double seconds) {
    long completed = course.model().step();
    double last = federation.run().config().prune().target().sparsity();
    double target =
        federation.algorithm() instanceof FederationConfig.FedAvg
            ? federation.run().plan().updateAt(completed).map(PlannedUpdate::sparsity).orElse(last)
            : last;
    eventRecorder.masksUpdated(completed, target, update, seconds);
  }

  private void evaluate(RoundWork work, SortedMap<DeviceTier, Integer> tiers) {
    Committed model = course.model();
    EvaluationPart whole = evaluated(model, EvaluationRequest.Phase.REGULAR);
    DeviceTiers held = new DeviceTiers(networks, model);
    tiers.forEach(
        (tier, clients) -> {
          boolean all = tier.width() >= 1 && held.isWhole(tier);
          roundEvents.tier(work, model, tier, clients, all ? whole : evaluated(held, tier));
        });
  }

  private EvaluationPart evaluated(DeviceTiers held, DeviceTier tier) {
    return evaluator(tier.width()).evaluate(held.values(tier.width()), held.within(tier));
  }

  private ServerReplica evaluator(double width) {
    return new ServerReplica(networks.at(width).federation(), replica(width));
  }

  private EvaluationPart evaluated(Committed model, EvaluationRequest.Phase phase) {
    long start = System.nanoTime();
    EvaluationPart part = evaluator(1).evaluate(model.state(), model.masks().masks());
    eventRecorder.evaluated(
        model.step(),
        model.masks().masks().version().number(),
        new EvaluationRequest(EvaluationRequest.Set.TEST, phase),
        part,
        (System.nanoTime() - start) / 1e9);
    return part;
  }

  private void checkpoint() throws IOException {
    recorder.flush();
    WrittenCheckpoint written = checkpoints.write(course.model(), traffic, seconds());
    eventRecorder.checkpointWritten(written.step(), written.directory(), written.bytes());
  }

  /** Writes the final files; {@code facts} follow those of every run in the summary. */
  public RunResult finish(Map<String, Object> facts) {
    Committed model = course.model();
    EvaluationPart test = evaluated(model, EvaluationRequest.Phase.FINAL);
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("algorithm", RoundEvents.algorithm(federation.algorithm()));
    more.put("rounds", federation.rounds().rounds());
    more.put("cohort", federation.rounds().cohort().size());
    more.putAll(facts);
    RunResult.Finished finished = RunResult.Finished.of(new FinishedRun(model, test, traffic));
    return recorder.finish(eventRecorder, finished, more, seconds());
  }

  /** Ends the attempt, whose last round has a checkpoint. */
  public RunResult stop() {
    return end(RunResult.Paused::new);
  }

  /** Ends the attempt with the result for its completed rounds. */
  RunResult end(LongFunction<RunResult> result) {
    return recorder.end(eventRecorder, result.apply(course.model().step()));
  }

  /** Ends the attempt because a loss or a weight is not finite. */
  public RunResult diverge(String cause) {
    eventRecorder.diverged(course.model().step(), cause);
    return fail(cause);
  }

  public RunResult fail(String cause) {
    return recorder.fail(eventRecorder, course.model().step(), cause);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }

  @Override
  public void close() {
    opened.close();
  }
}
