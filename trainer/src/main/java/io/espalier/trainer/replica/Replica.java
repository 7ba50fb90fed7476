package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.DataConfig;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.ReusedMemory;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.ReplicaUpdate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One trainer's network and shard. Call order: {@link #apply} a commit; if it says train, {@link
 * #step} until {@link #completedSteps} reaches the next sync; if it says recalibrate, {@link
 * #recalibrate}; then send {@link #packedState}. Calls come from one thread at a time; each sets
 * the engine's grad mode.
 */
public final class Replica implements AutoCloseable {
  private static final int RECALIBRATION_BATCHES = 64;

  private final PreparedRun whole;
  private final Objective objective;
  private final ReplicaLayout.Fixed fixed;
  private final Optimizer optimizer;
  private final StatisticRequests requests;
  private final TrainingBatches batches;
  private final Optional<StreamBatches> stream;
  private final Runnable progress;
  private final ReusedMemory packed = new ReusedMemory();
  private ReplicaLayout laidOut;
  private long earlierEvaluationNs;
  private long completedSteps;
  private Optional<Measured> measured = Optional.empty();

  /** The statistics of one update: for each request, and each prunable parameter, its arrays. */
  private record Measured(StatisticsCodec codec, List<List<List<float[]>>> values) {}

  public Replica(PreparedRun run, int trainer) {
    this(run, trainer, () -> {});
  }

  public Replica(PreparedRun run, int trainer, Runnable progress) {
    this.progress = progress;
    whole = run;
    objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    fixed = new ReplicaLayout.Fixed(trainer, objective, run.stepRules(), this::heldOut, progress);
    optimizer = Optimizer.of(run);
    requests = StatisticRequests.of(run.config().prune(), run.config().seed());
    stream =
        run.config().data().source() instanceof DataConfig.Kafka kafka
            ? Optional.of(new StreamBatches(run, kafka, trainer, progress))
            : Optional.empty();
    batches =
        stream
            .<TrainingBatches>map(each -> each)
            .orElseGet(() -> new EpochBatches(run, run.splits().shard(trainer), trainer));
    try {
      laidOut = ReplicaLayout.of(run, run.denseMasks(), fixed);
    } catch (RuntimeException | Error e) {
      stream.ifPresent(StreamBatches::close);
      objective.close();
      throw e;
    }
  }

  public long completedSteps() {
    return completedSteps;
  }

  public MaskVersion maskVersion() {
    return masks().state().masks().version();
  }

  public String layout() {
    return laidOut.run().layout().digest();
  }

  public long evaluationNs() {
    return earlierEvaluationNs + laidOut.evaluator().spentNs();
  }

  /** Takes over a committed state, runs its evaluations, and digests the result. */
  public AppliedCommit apply(Commit commit, ByteBuffer payload) {
    JniUtils.setGradMode(false);
    ReplicaUpdate update = ReplicaUpdate.of(commit, payload, masks().state(), laidOut.run());
    if (!laidOut.hasLayoutOf(update.arriving())) {
      replace(ReplicaLayout.of(update.arriving(), update.masks(), fixed));
      masks().use(update.masks());
    }
    if (commit.values() == Commit.Values.SENT) {
      laidOut.codec().unpack(update.values(), update.valuesOf(), laidOut.network());
    }
    CrashPoint.WHILE_APPLYING.pass();
    completedSteps = commit.step();
    update.stream().ifPresent(state -> stream.orElseThrow().moveTo(commit.step(), state));
    measured = Optional.empty();
    List<EvaluationPart> parts = new ArrayList<>();
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(laidOut.evaluator().evaluate(request));
      }
    }
    update.changes().scaleNorms(laidOut.run(), laidOut.network());
    if (!laidOut.hasLayoutOf(update.run())) {
      cut(update);
    } else if (update.masks() != masks().state()) {
      use(update);
    }
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(laidOut.evaluator().evaluate(request));
      }
    }
    String held =
        laidOut.digest().of(laidOut.network(), commit.step(), update.masks().digest(commit.step()));
    return new AppliedCommit(commit.step(), held, parts);
  }

  private void cut(ReplicaUpdate update) {
    ReplicaLayout left = laidOut.cut(update.run(), update.masks(), fixed);
    CrashPoint.WHILE_CUTTING.pass();
    replace(left);
    use(update);
    CrashPoint.AFTER_CUT.pass();
  }

  private void use(ReplicaUpdate update) {
    masks().use(update.masks());
    laidOut.codec().clearDead(laidOut.network(), masks().livingAt(completedSteps));
    laidOut.codec().restart(laidOut.network(), update.changes().restarted());
  }

  private void replace(ReplicaLayout next) {
    earlierEvaluationNs += laidOut.evaluator().spentNs();
    laidOut.close();
    laidOut = next;
  }

  private ReplicaMasks masks() {
    return laidOut.masks();
  }

  /** Waits up to {@code limit} for all examples of the next step; only streams wait. */
  public boolean awaitExamples(Duration limit) {
    return stream.isEmpty()
        || stream.get().await(1 + batchesMeasuredAfter(completedSteps + 1), limit);
  }

  private int batchesMeasuredAfter(long step) {
    return requestsAt(step).stream().mapToInt(StatisticRequest::batches).max().orElse(0);
  }

  private Examples heldOut() {
    return stream.orElseThrow().heldOut();
  }

  public StepOutcome step() {
    JniUtils.setGradMode(false);
    masks().beforeStep(completedSteps, laidOut.network());
    double rate = whole.learningRate().at(completedSteps);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(completedSteps, laidOut.manager());
      TrainingStep.Gradients gradients =
          laidOut
              .step()
              .gradients(input, batches, new TrainingStep.At(completedSteps, completedSteps, rate));
      StepOutcome outcome = measure(gradients.logits(), gradients.loss(), rate);
      CrashPoint.WHILE_STEPPING.pass();
      laidOut.step().update(optimizer, gradients);
      completedSteps++;
      stream.ifPresent(StreamBatches::completeStep);
      return outcome;
    }
  }

  /** Recomputes norm statistics as exact means over fixed batches of the finished network. */
  public void recalibrate() {
    JniUtils.setGradMode(false);
    int passes = Math.min(RECALIBRATION_BATCHES, batches.fixedCount());
    for (int k = 0; k < passes; k++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        laidOut.network().gatherNorms(batches.loadFixed(k, laidOut.manager()), k);
        progress.run();
      }
    }
  }

  /** Live views of all arrays, dead units included. */
  StateAccess state() {
    return laidOut.network();
  }

  int ownedArrays() {
    return laidOut.manager().getManagedArrays().size();
  }

  /** Measures what the mask update of the committed step asks for, at its averaged weights. */
  public void measure() {
    JniUtils.setGradMode(false);
    List<StatisticRequest> due = requestsAt(completedSteps);
    measured =
        Optional.of(
            new Measured(
                new StatisticsCodec(
                    due, laidOut.run().gaugedLayers(), masks().state().candidates()),
                laidOut.measurement().measure(due, completedSteps, this::measure)));
  }

  /**
   * The requested statistics after {@link #measure}; else living values, then the stream state.
   * Little-endian. The next call overwrites them.
   */
  public ByteBuffer packedState() {
    JniUtils.setGradMode(false);
    return measured.map(this::packed).orElseGet(this::packedValues);
  }

  private ByteBuffer packed(Measured statistics) {
    ByteBuffer bytes = packed.take(Math.multiplyExact(statistics.codec().floats(), Float.BYTES));
    statistics.codec().pack(statistics.values(), bytes.asFloatBuffer());
    return bytes;
  }

  private ByteBuffer packedValues() {
    LiveUnits living = masks().livingAt(completedSteps);
    int floats = laidOut.run().stateLayout().packedFloats(living);
    ByteBuffer bytes =
        packed.take(
            Math.addExact(Math.multiplyExact(floats, Float.BYTES), whole.streamStateBytes()));
    laidOut.codec().pack(laidOut.network(), living, bytes.asFloatBuffer());
    stream.ifPresent(
        read -> read.state().encode(bytes.slice(floats * Float.BYTES, whole.streamStateBytes())));
    return bytes;
  }

  @Override
  public void close() {
    stream.ifPresent(StreamBatches::close);
    laidOut.close();
    objective.close();
  }

  private List<StatisticRequest> requestsAt(long step) {
    return whole
        .plan()
        .updateAt(step)
        .map(update -> requests.of(update, masks().state().masks()))
        .orElse(List.of());
  }

  private void measure(long step, boolean gradients, Runnable read) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(step, laidOut.manager());
      JniUtils.setGradMode(gradients);
      NDArray logits =
          laidOut.network().measure(input, each -> each.forMeasuring(masks().evaluationMask(each)));
      if (gradients) {
        laidOut.passes().backward(input, logits, batches);
      }
      read.run();
      if (gradients) {
        laidOut.passes().clearGradients();
      }
    }
    progress.run();
  }

  private StepOutcome measure(NDArray logits, float loss, double rate) {
    int classes = whole.dataset().classes();
    int count = batches.size();
    float[] values = logits.toFloatArray();
    int correct = 0;
    for (int row = 0; row < count; row++) {
      correct += objective.answer(values, row, classes) == batches.label(row) ? 1 : 0;
    }
    return new StepOutcome(completedSteps, loss, correct, count, rate);
  }

  /** Loss (mean, in nats) and accuracy of one step's batch, before its update. */
  public record StepOutcome(
      long step, double loss, int correct, int examples, double learningRate) {}
}
