package io.espalier.trainer.sync;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.Mask;
import io.espalier.masks.evidence.Evidence;
import io.espalier.masks.plan.PlannedUpdate;
import io.espalier.masks.update.Demands;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.commit.Applied;
import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.CommitPayload;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.commit.SyncBytes;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.Averager;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.state.EvidenceCodec;
import io.espalier.trainer.state.LivingUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The coordinator's arithmetic: averages the replicas' states, updates the masks where the plan
 * says so, and makes the next committed state. Knows no actors and no engine.
 *
 * <p>Call order: {@link #open} once; then {@link #sync} each time that all replicas have sent their
 * states, until a commit says {@link Commit.Next#FINISH}. {@link #verify} checks each answer.
 *
 * <p>Not thread-safe.
 */
public final class Committer {
  private final PreparedRun run;
  private final MaskUpdater updater;
  private final Demands demands;
  private final StateCodec codec;
  private final Averager averager;
  private final boolean resumed;
  private Committed previous;
  private Committed committed;
  private Traffic traffic;

  private Committer(PreparedRun run, Committed start, Traffic traffic, boolean resumed) {
    this.run = run;
    this.updater = MaskUpdater.of(run.config().prune(), run.config().seed(), run.prunable());
    this.demands = Demands.of(run.config().prune(), run.config().seed());
    this.codec = new StateCodec(run.stateLayout());
    this.averager = new Averager(run.stateLayout());
    this.resumed = resumed;
    this.previous = start;
    this.committed = start;
    this.traffic = traffic;
  }

  /** Starts a run from its initial weights. */
  public static Committer start(PreparedRun run) {
    return new Committer(run, InitialState.of(run), new Traffic(0, 0), false);
  }

  /** Goes on from a checkpoint. */
  public static Committer resume(PreparedRun run, Committed committed, Traffic traffic) {
    return new Committer(run, committed, traffic, true);
  }

  public Committed committed() {
    return committed;
  }

  public Traffic traffic() {
    return traffic;
  }

  /** The first outcome of a run or of its resumption; at step 0 it may already prune. */
  public SyncOutcome open() {
    if (resumed) {
      return rejoin();
    }
    Optional<PlannedUpdate> planned = run.plan().updateAt(0);
    if (planned.isEmpty()) {
      SyncOutcome outcome = rejoin(true);
      traffic = traffic.plus(outcome.bytes());
      return outcome;
    }
    FloatBuffer initial = pack(committed);
    TrainingState state = new TrainingState(run.stateLayout());
    codec.unpack(initial.duplicate(), committed.masks().livingAt(0), state);
    return advance(
        0,
        state,
        initial,
        Optional.of(prune(planned.get(), state, Evidence.none())),
        0,
        committed.stream());
  }

  /** The committed state in full, for trainers that hold nothing. */
  public SyncOutcome rejoin() {
    return rejoin(false);
  }

  /**
   * The state before the current one in full: what a trainer must hold to take over the current
   * commit, which has to follow.
   */
  public SyncOutcome prepareForCurrent() {
    Commit commit =
        new Commit(
            previous.step(),
            previous.masks().masks().version(),
            Commit.Masks.FULL,
            List.of(),
            Commit.Next.AWAIT);
    ByteBuffer payload = CommitPayload.full(previous.masks(), pack(previous), previous.stream());
    return new SyncOutcome(
        previous, commit, payload, Optional.empty(), Optional.empty(), bytes(0, payload));
  }

  /**
   * Makes the next committed state from what all replicas sent, in trainer order.
   *
   * @throws DivergedException if a value is not finite
   */
  public SyncOutcome sync(List<ByteBuffer> packed) {
    CrashPoint.BEFORE_AVERAGING.pass();
    Committed before = committed;
    boolean recalibrating = before.step() == run.plan().totalSteps();
    long step = recalibrating ? before.step() : run.plan().nextSync(before.step());
    LivingUnits arriving = before.masks().livingAt(step);
    Optional<PlannedUpdate> planned = recalibrating ? Optional.empty() : run.plan().updateAt(step);
    EvidenceCodec evidence =
        new EvidenceCodec(
            planned.map(update -> demands.of(update, before.masks().masks())).orElse(List.of()),
            before.masks().candidates());
    List<FloatBuffer> arrived = packed.stream().map(Committer::floats).toList();
    int stateFloats = run.stateLayout().packedFloats(arriving);
    requireLengths(arrived, stateFloats + evidence.floats() + run.streamStateBytes() / Float.BYTES);
    Optional<StreamState> stream = StreamReports.agreed(run, packed);
    FloatBuffer average = averager.average(slices(arrived, 0, stateFloats), arriving);
    TrainingState state = new TrainingState(run.stateLayout());
    codec.unpack(average.duplicate(), arriving, state);
    FiniteCheck.require(run.stateLayout(), state, step);

    Optional<SyncOutcome.Pruning> pruning =
        planned.map(
            update ->
                prune(
                    update,
                    state,
                    evidence.merge(
                        slices(arrived, stateFloats, evidence.floats()),
                        before.masks().masks().parameters(),
                        step)));
    long arrivedBytes = packed.stream().mapToLong(ByteBuffer::remaining).sum();
    return advance(step, state, average, pruning, arrivedBytes, stream);
  }

  /**
   * Makes {@code state} the committed one, pruned if there was an update.
   *
   * @param values of the state before the update, packed
   * @param arrivedBytes that brought it here; 0 at the start
   * @param stream what was read of the run's stream
   */
  private SyncOutcome advance(
      long step,
      TrainingState state,
      FloatBuffer values,
      Optional<SyncOutcome.Pruning> pruning,
      long arrivedBytes,
      Optional<StreamState> stream) {
    previous = committed;
    boolean recalibrated = previous.step() == run.plan().totalSteps();
    committed = seal(step, state, pruning, recalibrated, stream);
    Commit commit = commit(pruning.isPresent() ? Commit.Masks.DELTA : Commit.Masks.UNCHANGED, true);
    FloatBuffer sent =
        pruning.isPresent() && !commit.carriesValuesBeforeUpdate() ? pack(committed) : values;
    List<Mask> restarted =
        pruning.map(SyncOutcome.Pruning::update).map(MaskUpdate::restarted).orElse(List.of());
    ByteBuffer payload =
        CommitPayload.delta(
            previous.masks(), committed.masks(), restarted, sent, committed.stream());
    SyncBytes bytes = bytes(arrivedBytes, payload);
    traffic = traffic.plus(bytes);
    return new SyncOutcome(committed, commit, payload, pruning, Optional.empty(), bytes);
  }

  /**
   * Checks a trainer's answer to the current commit.
   *
   * @throws ReplicaDivergedException if it does not hold the committed state
   */
  public void verify(int trainer, Applied applied) {
    verify(trainer, applied, committed.digest());
  }

  /**
   * Checks a trainer's answer.
   *
   * @param expected digest of the state that it was sent
   * @throws ReplicaDivergedException if it does not hold that state
   */
  public void verify(int trainer, Applied applied, String expected) {
    if (!applied.digest().equals(expected)) {
      throw new ReplicaDivergedException(trainer, applied.step(), expected, applied.digest());
    }
  }

  private SyncOutcome rejoin(boolean evaluateValidation) {
    ByteBuffer payload = CommitPayload.full(committed.masks(), pack(committed), committed.stream());
    return new SyncOutcome(
        committed,
        commit(Commit.Masks.FULL, evaluateValidation),
        payload,
        Optional.empty(),
        Optional.empty(),
        bytes(0, payload));
  }

  private SyncOutcome.Pruning prune(PlannedUpdate planned, TrainingState state, Evidence evidence) {
    long start = System.nanoTime();
    MaskUpdate update =
        updater.update(
            committed.masks().masks(),
            prunableWeights(state),
            evidence,
            planned,
            committed.masks().hidesLivingUnits());
    return new SyncOutcome.Pruning(planned, update, (System.nanoTime() - start) / 1e9);
  }

  private Committed seal(
      long step,
      TrainingState state,
      Optional<SyncOutcome.Pruning> pruning,
      boolean recalibrated,
      Optional<StreamState> stream) {
    MaskState masks = committed.masks();
    if (pruning.isPresent()) {
      masks = masks.updated(pruning.get().update().next(), step);
      codec.clearDead(state, masks.livingAt(step));
      codec.restart(state, pruning.get().update().restarted());
    }
    return new Committed(step, state, masks, recalibrated, run, stream);
  }

  private Commit commit(Commit.Masks masks, boolean evaluateValidation) {
    long step = committed.step();
    boolean last = step == run.plan().totalSteps();
    Commit.Next next =
        !last
            ? Commit.Next.TRAIN
            : run.stateLayout().hasNorms() && !committed.recalibrated()
                ? Commit.Next.RECALIBRATE
                : Commit.Next.FINISH;
    return new Commit(
        step,
        committed.masks().masks().version(),
        masks,
        Evaluations.due(run, committed, masks, next, evaluateValidation),
        next);
  }

  private FloatBuffer pack(Committed source) {
    LivingUnits living = source.masks().livingAt(source.step());
    FloatBuffer values = FloatBuffer.allocate(run.stateLayout().packedFloats(living));
    codec.pack(source.state(), living, values);
    return values.flip();
  }

  private List<float[]> prunableWeights(TrainingState state) {
    List<float[]> weights = new ArrayList<>();
    for (int i = 0; i < run.stateLayout().entries().size(); i++) {
      if (run.stateLayout().entries().get(i).mask().isPresent()) {
        weights.add(state.values(i, 0));
      }
    }
    return weights;
  }

  private SyncBytes bytes(long up, ByteBuffer payload) {
    int trainers = run.config().train().trainers();
    long dense = (long) run.stateLayout().packedFloats(LivingUnits.all()) * Float.BYTES * trainers;
    return new SyncBytes(up, (long) payload.remaining() * trainers, up > 0 ? 2 * dense : dense);
  }

  private static List<FloatBuffer> slices(List<FloatBuffer> parts, int from, int length) {
    return parts.stream().map(part -> part.slice(from, length)).toList();
  }

  private static void requireLengths(List<FloatBuffer> arrived, int expected) {
    for (FloatBuffer part : arrived) {
      if (part.remaining() != expected) {
        throw new IllegalArgumentException(
            "a packed state must hold all living values and demanded evidence: expected=%d, found=%d"
                .formatted(expected, part.remaining()));
      }
    }
  }

  private static FloatBuffer floats(ByteBuffer packed) {
    return packed.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
