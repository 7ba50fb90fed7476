package io.espalier.federation.round;

import io.espalier.configs.FederationConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.WrittenCheckpoint;
import io.espalier.trainer.federated.Contribution;
import io.espalier.trainer.federated.FederatedCourse;
import io.espalier.trainer.federated.GlobalEvaluator;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundMerge;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.ServerTraining;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.agrona.CloseHelper;

/**
 * One attempt at a federation: opens directory and telemetry, learns what the rounds bring,
 * checkpoints after each, and writes what a finished run leaves. Where results come from is not its
 * concern.
 *
 * <p>Owns an engine replica: all calls come from the thread that started it.
 */
public final class FederationSession implements AutoCloseable {
  private final PreparedFederation federation;
  private final RunRecorder ledger;
  private final Checkpoints checkpoints;
  private final NestedNetworks networks;
  private final TierReplicas replicas;
  private final FederatedCourse course;
  private final EventRecorder recorder;
  private final RoundEvents events;
  private final long startedAtRound;
  private final double secondsBefore;
  private final long startNs = System.nanoTime();
  private Traffic traffic;

  private FederationSession(
      PreparedFederation federation, RunSession.Request request, RunRecorder.Opening opening)
      throws IOException {
    this.federation = federation;
    this.ledger = opening.recorder();
    this.checkpoints = opening.checkpoints();
    Optional<Checkpoint> checkpoint = opening.checkpoint();
    this.secondsBefore = checkpoint.map(Checkpoint::trainedSeconds).orElse(0.0);
    this.traffic = checkpoint.map(Checkpoint::traffic).orElse(new Traffic(0, 0));
    this.networks = NestedNetworks.of(federation);
    this.replicas = new TierReplicas(networks);
    this.startedAtRound = checkpoint.map(from -> from.committed().step()).orElse(0L);
    PreparedRun values = federation.values();
    MaskSet masks =
        checkpoint
            .map(from -> from.committed().masks().masks())
            .orElseGet(() -> MaskSet.dense(values.layout(), values.prunableIds()));
    ledger.introduce(startedAtRound);
    this.recorder =
        new EventRecorder(values, ledger.attempt(), startedAtRound, masks, ledger::record);
    this.events = new RoundEvents(federation, ledger::record);
    events.described();
    recorder.state(RunState.RUNNING);
    this.course =
        checkpoint
            .map(from -> FederatedCourse.resume(federation, from.committed()))
            .orElseGet(
                () ->
                    FederatedCourse.start(
                        federation, ServerTraining.initial(federation, replicas.at(1))));
    if (checkpoint.isEmpty()) {
      course.open().ifPresent(update -> masksUpdated(update, 0));
      checkpoint();
    }
  }

  /**
   * Starts or resumes the federation of the request's directory.
   *
   * @param request whose run is that of the federation's values
   */
  public static FederationSession start(PreparedFederation federation, RunSession.Request request)
      throws IOException {
    RunRecorder.Opening opening = RunRecorder.Opening.of(request);
    try {
      return new FederationSession(federation, request, opening);
    } catch (IOException | RuntimeException | Error e) {
      opening.recorder().close();
      throw e;
    }
  }

  /** Completed rounds of the checkpoint that this attempt goes on from; 0 without one. */
  public long startedAtRound() {
    return startedAtRound;
  }

  public FederatedCourse course() {
    return course;
  }

  public RunRecorder ledger() {
    return ledger;
  }

  public RoundEvents events() {
    return events;
  }

  /** The networks that devices have, by their memory. */
  public NestedNetworks networks() {
    return networks;
  }

  /** A replica of the network of a width, for clients that work in the same thread. */
  public LocalReplica replica(double width) {
    return replicas.at(width);
  }

  /**
   * Learns what the results of the next work bring, and keeps it; when this returns, they count.
   *
   * @param contributions in the order of the clients' names
   * @param tiers number of clients by what they can hold, to evaluate the model as they hold it
   * @return what was learned
   */
  public RoundMerge merge(
      List<Contribution> contributions, RoundTally tally, SortedMap<DeviceTier, Integer> tiers)
      throws IOException {
    RoundWork work = course.next().orElseThrow();
    long start = System.nanoTime();
    RoundMerge merge = course.merge(contributions);
    double aggregateSeconds = (System.nanoTime() - start) / 1e9;
    traffic =
        new Traffic(
            traffic.sent() + tally.bytesUp() + tally.bytesDown(),
            traffic.dense() + tally.bytesDense());
    events.completed(work, contributions.size(), tally, merge, course.model(), aggregateSeconds);
    merge
        .choice()
        .ifPresent(
            choice ->
                ledger.record(
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

  private boolean isEvaluated(long completed) {
    return completed % federation.rounds().evaluateEvery() == 0
        || completed == federation.rounds().rounds();
  }

  private void masksUpdated(MaskUpdate update, double seconds) {
    long completed = course.model().step();
    double last = federation.run().config().prune().sparsity();
    double target =
        federation.algorithm() instanceof FederationConfig.FedAvg
            ? federation.run().plan().updateAt(completed).map(PlannedUpdate::sparsity).orElse(last)
            : last;
    recorder.masksUpdated(completed, target, update, seconds);
  }

  private void evaluate(RoundWork work, SortedMap<DeviceTier, Integer> tiers) {
    Committed model = course.model();
    EvaluationPart whole = evaluated(model, EvaluationRequest.Phase.REGULAR);
    DeviceTiers held = new DeviceTiers(networks, model);
    tiers.forEach(
        (tier, clients) -> {
          boolean all = tier.width() >= 1 && held.isWhole(tier);
          events.tier(work, model, tier, clients, all ? whole : evaluated(held, tier));
        });
  }

  private EvaluationPart evaluated(DeviceTiers held, DeviceTier tier) {
    return evaluator(tier.width()).evaluate(held.values(tier.width()), held.within(tier));
  }

  private GlobalEvaluator evaluator(double width) {
    return new GlobalEvaluator(networks.at(width).federation(), replicas.at(width));
  }

  private EvaluationPart evaluated(Committed model, EvaluationRequest.Phase phase) {
    long start = System.nanoTime();
    EvaluationPart part = evaluator(1).evaluate(model.state(), model.masks().masks());
    recorder.evaluated(
        model.step(),
        model.masks().masks().version().number(),
        new EvaluationRequest(EvaluationRequest.Set.TEST, phase),
        part,
        (System.nanoTime() - start) / 1e9);
    return part;
  }

  private void checkpoint() throws IOException {
    ledger.flush();
    WrittenCheckpoint written = checkpoints.write(course.model(), traffic, seconds());
    recorder.checkpointWritten(written.step(), written.directory(), written.bytes());
  }

  /**
   * Writes what the finished federation leaves.
   *
   * @param facts of the summary, behind those that every run has
   */
  public RunResult finish(Map<String, Object> facts) {
    Committed model = course.model();
    EvaluationPart test = evaluated(model, EvaluationRequest.Phase.FINAL);
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("algorithm", RoundEvents.algorithm(federation.algorithm()));
    more.put("rounds", federation.rounds().rounds());
    more.put("cohort", federation.rounds().cohort());
    more.putAll(facts);
    return ledger.finish(recorder, new FinishedRun(model, test, traffic), more, seconds());
  }

  /** Ends the attempt after the round that is kept. */
  public RunResult stop() {
    return ledger.stop(recorder, course.model().step());
  }

  /** Ends the attempt without a result, as a loss or a weight is no finite number. */
  public RunResult diverge(String cause) {
    recorder.diverged(course.model().step(), cause);
    return fail(cause);
  }

  /** Ends the attempt without a result. */
  public RunResult fail(String cause) {
    return ledger.fail(recorder, course.model().step(), cause);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNs) / 1e9;
  }

  @Override
  public void close() {
    CloseHelper.closeAll(replicas, ledger);
  }
}
