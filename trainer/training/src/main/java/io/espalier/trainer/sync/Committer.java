package io.espalier.trainer.sync;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.Statistics;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.FoldedWeights;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.state.WeightAverages;
import io.espalier.trainer.stream.StreamState;
import io.espalier.trainer.sync.EvaluationRequest.Phase;
import io.espalier.trainer.sync.SyncOutcome.SyncBytes;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Averages the replicas' states, updates the masks by the plan, and creates the next committed
 * state. Call order: {@link #open} once; {@link #sync} with all states until {@link
 * Commit.Next#FINISH}; {@link #verify} checks each answer. Not thread-safe.
 */
public final class Committer {
  private final PreparedRun whole;
  private final MaskUpdating updating;
  private final ChannelCutting cutting;
  private final ValidationWatch validation;
  private final Averager averager = new Averager();
  private final CommitPayload payloads = new CommitPayload();
  private final boolean resumed;
  private boolean ended;
  private boolean measuring;

  /** The state to which the current commit applies; the current one where that stands alone. */
  private Committed previous;

  private Committed committed;
  private Traffic traffic;

  private Committer(
      PreparedRun run,
      Committed start,
      Traffic traffic,
      ValidationRecord validation,
      boolean resumed) {
    this.whole = run;
    this.validation = new ValidationWatch(run, validation);
    this.updating = MaskUpdating.of(run);
    this.cutting = ChannelCutting.of(run);
    this.resumed = resumed;
    this.previous = start;
    this.committed = start;
    this.traffic = traffic;
  }

  public static Committer start(PreparedRun run) {
    return new Committer(
        run, Committed.initial(run), new Traffic(0, 0, 0), ValidationRecord.NONE, false);
  }

  /** Resumes from a checkpoint; the network of {@code run} is uncut. */
  public static Committer resume(
      PreparedRun run, Committed committed, Traffic traffic, ValidationRecord validation) {
    return new Committer(run, committed.of(run), traffic, validation, true);
  }

  public Committed committed() {
    return committed;
  }

  public Traffic traffic() {
    return traffic;
  }

  public ValidationRecord validation() {
    return validation.record();
  }

  /**
   * Takes in the results of the current commit's evaluations, merged over all trainers; the run may
   * end at its next sync because of them.
   *
   * @return the score of the committed state if it is the best so far, of a run that keeps that
   */
  public Optional<ValidationRecord.Score> evaluated(Commit commit, List<EvaluationPart> results) {
    return validation.evaluated(commit, results);
  }

  /**
   * The committed state as a run that ended with it would leave it: of averaged weights, without
   * pruned channels.
   */
  public Committed finishedState() {
    return cutting.finished(isLast(committed.step()) ? committed : committed.averaged());
  }

  /** The first outcome of a started or resumed run; at step 0 it may already prune. */
  public SyncOutcome open() {
    measuring = awaitsMeasurement();
    if (resumed) {
      return rejoin();
    }
    Optional<PlannedUpdate> planned = whole.plan().updateAt(0);
    if (planned.isEmpty() || measuring) {
      SyncOutcome outcome = rejoin(List.of(measuring ? Phase.BEFORE_UPDATE : Phase.REGULAR));
      traffic = traffic.plus(outcome.bytes());
      return outcome;
    }
    Committed initial = committed;
    TrainingState state = initial.state().copy();
    TimedUpdate pruned = updating.prune(initial, planned.get(), state, Statistics.none());
    return advance(
        new SyncArrival(
            initial, 0, state, Optional.of(initial::packed), 0, false, initial.stream(), false),
        Optional.of(pruned));
  }

  /** Whether the committed values are averaged, and the update of their step is still to come. */
  private boolean awaitsMeasurement() {
    MaskState masks = committed.masks();
    boolean updated =
        masks.updatedAt() == committed.step() && !masks.masks().version().equals(MaskVersion.DENSE);
    return !updated && updating.measures(whole.plan().updateAt(committed.step()), committed);
  }

  /** The full committed state, for trainers that hold nothing. */
  public SyncOutcome rejoin() {
    return rejoin(List.of());
  }

  /** The full state before the current one, to which the current commit applies. */
  public SyncOutcome prepareForCurrent() {
    Commit commit =
        new Commit(
            previous.step(),
            previous.masks().masks().version(),
            previous.layoutsUntil(previous),
            Commit.Masks.FULL,
            Commit.Values.SENT,
            List.of(),
            whole.execution(previous.step()),
            Commit.Next.AWAIT,
            Optional.empty());
    ByteBuffer payload = CommitPayload.full(previous.masks(), previous.packed(), previous.stream());
    return new SyncOutcome(
        previous,
        commit,
        payload,
        Optional.empty(),
        Optional.empty(),
        SyncBytes.of(whole, 0, payload, 1));
  }

  /**
   * Commits the average of packed states, or the mask update that packed statistics were measured
   * for; nothing of them is kept.
   */
  public SyncOutcome sync(List<ByteBuffer> packed) {
    CrashPoint.BEFORE_AVERAGING.pass();
    return measuring ? update(packed) : average(packed);
  }

  private SyncOutcome average(List<ByteBuffer> packed) {
    Committed before = committed;
    PreparedRun run = before.run();
    boolean recalibrating = isLast(before.step());
    ended = ended || (!recalibrating && validation.ends());
    long step = recalibrating ? before.step() : run.plan().nextSync(before.step());
    LiveUnits arriving = before.masks().livingAt(step);
    Optional<PlannedUpdate> planned = recalibrating ? Optional.empty() : run.plan().updateAt(step);
    PackedStates states = new PackedStates(packed);
    int stateFloats = run.stateLayout().packedFloats(arriving);
    List<FloatBuffer> arrived =
        states.floats(stateFloats + run.streamStateBytes() / Float.BYTES, stateFloats);
    Optional<StreamState> stream = states.stream(run);
    FloatBuffer average = averager.average(run.stateLayout(), arrived, arriving);
    TrainingState averaged = new TrainingState(run.stateLayout());
    new StateCodec(run.stateLayout()).unpack(average.duplicate(), arriving, averaged);
    averaged.requireFinite(step);
    boolean takesAverages =
        !recalibrating
            && isLast(step)
            && takeAverages(run, arriving, averaged, average.duplicate());
    measuring = updating.measures(planned, before);
    traffic = traffic.plusMacs(ForwardMacs.until(step, before));
    boolean held = packed.size() == 1 && !takesAverages;
    TrainingState state = held ? averaged.copy() : averaged;
    return advance(
        new SyncArrival(
            held
                ? new Committed(step, averaged, before.masks(), recalibrating, run, stream)
                : before,
            step,
            state,
            held ? Optional.empty() : Optional.of(() -> average),
            states.bytes(),
            false,
            stream,
            recalibrating),
        measuring
            ? Optional.empty()
            : planned.map(update -> updating.prune(before, update, state, Statistics.none())));
  }

  /** Ends a run that averages with the averages, which then travel; whether it does. */
  private static boolean takeAverages(
      PreparedRun run, LiveUnits living, TrainingState state, FloatBuffer packed) {
    Optional<WeightAverages> averages = WeightAverages.of(run.stateLayout());
    averages.ifPresent(
        each -> {
          each.take(state, living);
          new StateCodec(run.stateLayout()).pack(state, living, packed);
        });
    return averages.isPresent();
  }

  /**
   * The committed state after the update that the replicas have measured for, or with the next
   * layer to measure.
   */
  private SyncOutcome update(List<ByteBuffer> packed) {
    PlannedUpdate planned = whole.plan().updateAt(committed.step()).orElseThrow();
    StatisticsCodec codec = updating.codec(planned, committed);
    PackedStates states = new PackedStates(packed);
    Statistics statistics =
        codec.merge(states.floats(codec.floats(), codec.floats()), committed.step());
    TrainingState state = committed.state().copy();
    Optional<TimedUpdate> pruned = updating.take(committed, planned, state, statistics);
    measuring = pruned.isEmpty();
    Optional<FloatBuffer> refitted =
        measuring || updating.refits() ? Optional.of(committed.packed(state)) : Optional.empty();
    return advance(
        new SyncArrival(
            committed,
            committed.step(),
            state,
            refitted.map(values -> () -> values),
            states.bytes(),
            true,
            committed.stream(),
            false),
        pruned);
  }

  /** Commits what arrived, pruned if there was an update, and cut where channels have settled. */
  private SyncOutcome advance(SyncArrival arrived, Optional<TimedUpdate> timed) {
    long step = arrived.step();
    previous = arrived.before();
    Optional<Pruner.Pruned> pruned = timed.map(TimedUpdate::pruned);
    ValueChanges changes = pruned.map(Pruner.Pruned::changes).orElse(ValueChanges.NONE);
    changes.scaleNorms(previous.run(), arrived.state());
    MaskState masks = pruned.map(Pruner.Pruned::masks).orElse(previous.masks());
    FoldedWeights.settle(
        previous.run().stateLayout(),
        previous.masks(),
        masks,
        whole.config().seed(),
        arrived.state());
    Optional<ChannelCutting.CutState> cut =
        arrived.recalibrated() || measuring
            ? Optional.empty()
            : cutting.at(step, isLast(step), previous, arrived.state(), masks);
    Committed laidOut =
        new Committed(
            step,
            cut.map(ChannelCutting.CutState::state).orElse(arrived.state()),
            cut.map(ChannelCutting.CutState::masks).orElse(masks),
            arrived.recalibrated(),
            cut.map(ChannelCutting.CutState::run).orElse(previous.run()),
            arrived.stream());
    if (pruned.isPresent()) {
      StateCodec codec = new StateCodec(laidOut.run().stateLayout());
      codec.clearDead(laidOut.state(), laidOut.masks().livingAt(step));
      codec.clearHiddenMomentum(laidOut.state(), laidOut.masks());
      codec.restart(laidOut.state(), changes.restarted());
    }
    committed = laidOut;
    boolean changed = pruned.isPresent() || cut.isPresent();
    Commit commit =
        commit(
            changed ? Commit.Masks.DELTA : Commit.Masks.UNCHANGED,
            previous.layoutsUntil(committed),
            arrived.values().isPresent() ? Commit.Values.SENT : Commit.Values.HELD,
            phases(pruned.isPresent(), arrived.measured()));
    boolean sendsUpdated =
        pruned.isPresent()
            && commit.values() == Commit.Values.SENT
            && !commit.carriesValuesBeforeUpdate();
    ByteBuffer payload =
        payloads.delta(
            previous.masks(),
            committed.masks(),
            sendsUpdated ? ValueChanges.NONE : changes,
            sendsUpdated
                ? committed.packed()
                : arrived.values().map(Supplier::get).orElse(FloatBuffer.allocate(0)),
            committed.stream());
    if (commit.standsAlone()) {
      previous = committed;
    }
    SyncBytes bytes = SyncBytes.of(whole, arrived.bytes(), payload, arrived.transfers());
    traffic = traffic.plus(bytes);
    return new SyncOutcome(
        committed,
        commit,
        payload,
        timed.map(TimedUpdate::pruning),
        cut.map(ChannelCutting.CutState::outcome),
        bytes);
  }

  /** An evaluation before an update that is measured for belongs to the commit of the values. */
  private List<Phase> phases(boolean updated, boolean measured) {
    if (measuring) {
      return measured ? List.of() : List.of(Phase.BEFORE_UPDATE);
    }
    if (!updated) {
      return List.of(Phase.REGULAR);
    }
    return measured
        ? List.of(Phase.AFTER_UPDATE)
        : List.of(Phase.BEFORE_UPDATE, Phase.AFTER_UPDATE);
  }

  public void verify(int trainer, AppliedCommit applied) {
    verify(trainer, applied, committed.digest());
  }

  public void verify(int trainer, AppliedCommit applied, String expected) {
    if (!applied.digest().equals(expected)) {
      throw new ReplicaDivergedException(trainer, applied.step(), expected, applied.digest());
    }
  }

  private SyncOutcome rejoin(List<Phase> evaluated) {
    ByteBuffer payload =
        CommitPayload.full(committed.masks(), committed.packed(), committed.stream());
    return new SyncOutcome(
        committed,
        commit(Commit.Masks.FULL, committed.layoutsUntil(committed), Commit.Values.SENT, evaluated),
        payload,
        Optional.empty(),
        Optional.empty(),
        SyncBytes.of(whole, 0, payload, 1));
  }

  private Commit commit(
      Commit.Masks masks, Commit.Layouts layouts, Commit.Values values, List<Phase> evaluated) {
    Commit.Next next = next();
    return new Commit(
        committed.step(),
        committed.masks().masks().version(),
        layouts,
        masks,
        values,
        EvaluationRequest.due(whole, committed, evaluated, next),
        whole.execution(committed.step()),
        next,
        next == Commit.Next.MEASURE ? updating.layer() : Optional.empty());
  }

  private Commit.Next next() {
    if (measuring) {
      return Commit.Next.MEASURE;
    }
    if (!isLast(committed.step())) {
      return Commit.Next.TRAIN;
    }
    return whole.stateLayout().hasNorms() && !committed.recalibrated()
        ? Commit.Next.RECALIBRATE
        : Commit.Next.FINISH;
  }

  private boolean isLast(long step) {
    return ended || step == whole.plan().totalSteps();
  }
}
