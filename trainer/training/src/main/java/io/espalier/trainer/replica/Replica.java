package io.espalier.trainer.replica;

import io.espalier.configs.KafkaConfig;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.Executors;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.FoldedWeights;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.ReusedMemory;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StatisticsCodec;
import io.espalier.trainer.state.WeightAverages;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One trainer's network and shard. Call order: {@link #apply} a commit; if it says train, {@link
 * #step} until {@link #completedSteps} reaches the next sync; if it says recalibrate, {@link
 * #recalibrate}; then send {@link #packedState}. Calls come from one thread at a time.
 */
public final class Replica implements AutoCloseable {
  private final ResourceStack opened;
  private final PreparedRun whole;
  private final ExecutorContext context;
  private final StatisticRequests requests;
  private final TrainingBatches batches;
  private final Optional<StreamBatches> stream;
  private final Evaluator evaluator;
  private final ReusedMemory packed = new ReusedMemory();
  private Execution execution;
  private ExecutorFactory executors;
  private ReplicaLayout laidOut;
  private long completedSteps;
  private Optional<Integer> measuredLayer = Optional.empty();
  private Optional<Measured> measured = Optional.empty();

  /** The statistics of one update: for each request, and each prunable parameter, its arrays. */
  private record Measured(StatisticsCodec codec, List<List<List<float[]>>> values) {}

  private Replica(
      ResourceStack opened,
      PreparedRun run,
      int trainer,
      Runnable progress,
      ExecutorFactory executors) {
    this.opened = opened;
    this.execution = run.execution(0);
    this.executors = executors;
    whole = run;
    Objective objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    opened.add(objective::close);
    context = new ExecutorContext(trainer, objective, progress);
    requests = StatisticRequests.of(run.config().prune(), run.config().seed());
    stream =
        run.config().data().source() instanceof KafkaConfig kafka
            ? Optional.of(new StreamBatches(run, kafka, trainer, progress))
            : Optional.empty();
    stream.ifPresent(read -> opened.add(read::close));
    batches =
        stream
            .<TrainingBatches>map(each -> each)
            .orElseGet(() -> new EpochBatches(run, run.splits().shard(trainer), trainer));
    evaluator = new Evaluator(run, objective, trainer, this::logits, this::heldOut);
    laidOut = ReplicaLayout.of(run, run.denseMasks(), executors, context);
    opened.add(() -> laidOut.close());
  }

  public static Replica of(PreparedRun run, int trainer) {
    return of(run, trainer, () -> {});
  }

  public static Replica of(PreparedRun run, int trainer, Runnable progress) {
    return of(run, trainer, progress, Executors.of(run.execution(0)));
  }

  public static Replica of(
      PreparedRun run, int trainer, Runnable progress, ExecutorFactory executors) {
    return ResourceStack.open(opened -> new Replica(opened, run, trainer, progress, executors));
  }

  public long completedSteps() {
    return completedSteps;
  }

  public MaskVersion maskVersion() {
    return masks().masks().version();
  }

  public String layout() {
    return laidOut.run().layout().digest();
  }

  public long evaluationNs() {
    return evaluator.spentNs();
  }

  /** Takes over a committed state, runs its evaluations, and digests the result. */
  public AppliedCommit apply(Commit commit, ByteBuffer payload) {
    if (commit.execution() != execution) {
      swap(Executors.of(commit.execution()));
      execution = commit.execution();
    }
    ReplicaUpdate update = ReplicaUpdate.of(commit, payload, masks(), laidOut.run());
    if (!laidOut.hasLayoutOf(update.arriving())) {
      replace(ReplicaLayout.of(update.arriving(), update.masks(), executors, context));
    }
    if (commit.values() == Commit.Values.SENT) {
      laidOut.codec().unpack(update.values(), update.valuesOf(), executor());
    } else {
      laidOut.codec().clearDead(executor(), masks().livingAt(commit.step()));
    }
    CrashPoint.WHILE_APPLYING.pass();
    completedSteps = commit.step();
    update.stream().ifPresent(state -> stream.orElseThrow().moveTo(commit.step(), state));
    measuredLayer = commit.layer();
    measured = Optional.empty();
    List<EvaluationPart> parts = new ArrayList<>();
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(evaluate(request));
      }
    }
    update.changes().scaleNorms(laidOut.run(), executor());
    if (commit.updatesHeldValues()) {
      FoldedWeights.settle(
          laidOut.run().stateLayout(), masks(), update.masks(), whole.config().seed(), executor());
    }
    if (!laidOut.hasLayoutOf(update.run())) {
      cut(update);
    } else if (update.masks() != masks()) {
      use(update);
    }
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(evaluate(request));
      }
    }
    String held =
        laidOut.digest().of(executor(), commit.step(), update.masks().digest(commit.step()));
    return new AppliedCommit(commit.step(), held, parts);
  }

  /** Evaluates the averages of a run that keeps them, of which there are none before a step. */
  private EvaluationPart evaluate(EvaluationRequest request) {
    Optional<WeightAverages> averages =
        WeightAverages.of(laidOut.run().stateLayout()).filter(any -> completedSteps > 0);
    return averages.isPresent()
        ? averages
            .get()
            .showing(
                executor(), masks().livingAt(completedSteps), () -> evaluator.evaluate(request))
        : evaluator.evaluate(request);
  }

  private void cut(ReplicaUpdate update) {
    ReplicaLayout left = laidOut.cut(update.run(), update.masks(), executors, context);
    CrashPoint.WHILE_CUTTING.pass();
    replace(left);
    use(update);
    CrashPoint.AFTER_CUT.pass();
  }

  private void use(ReplicaUpdate update) {
    executor().use(update.masks());
    laidOut.codec().clearDead(executor(), masks().livingAt(completedSteps));
    laidOut.codec().clearHiddenMomentum(executor(), masks());
    laidOut.codec().restart(executor(), update.changes().restarted());
  }

  /**
   * Has executors of another kind compute from here on, with the state and the masks as they are.
   * Between a commit that was applied and the next step.
   */
  public void swap(ExecutorFactory next) {
    ReplicaLayout swapped = laidOut.swapped(completedSteps, next, context);
    CrashPoint.WHILE_SWITCHING.pass();
    replace(swapped);
    executors = next;
  }

  private void replace(ReplicaLayout next) {
    ReplicaLayout left = laidOut;
    laidOut = next;
    left.close();
  }

  private Executor executor() {
    return laidOut.executor();
  }

  private MaskState masks() {
    return executor().masks();
  }

  /** Waits up to {@code limit} for all examples of the next step; only streams wait. */
  public boolean awaitExamples(Duration limit) {
    return stream.isEmpty()
        || stream.get().await(1 + batchesMeasuredAfter(completedSteps + 1), limit);
  }

  private int batchesMeasuredAfter(long step) {
    List<StatisticRequest> atOnce = requestsAt(step);
    return whole.plan().updateAt(step).isEmpty()
        ? 0
        : Stream.concat(atOnce.stream(), requests.ofEachLayer().stream())
            .mapToInt(StatisticRequest::batches)
            .max()
            .orElse(0);
  }

  private Examples heldOut() {
    return stream.orElseThrow().heldOut();
  }

  private float[] logits(Batch batch) {
    context.progress().run();
    return executor().logits(batch);
  }

  public StepOutcome step() {
    double rate = whole.learningRate().at(completedSteps);
    Batch batch = batches.load(completedSteps);
    TrainedBatch trained =
        executor()
            .train(batch, new Executor.At(completedSteps, completedSteps, rate), laidOut.rules());
    StepOutcome outcome = outcome(trained, batch, rate);
    CrashPoint.WHILE_STEPPING.pass();
    completedSteps++;
    stream.ifPresent(StreamBatches::completeStep);
    return outcome;
  }

  private StepOutcome outcome(TrainedBatch trained, Batch batch, double rate) {
    int classes = whole.dataset().classes();
    int correct = 0;
    for (int row = 0; row < batch.rows(); row++) {
      int answer = context.objective().answer(trained.logits(), row, classes);
      correct += answer == batch.label(row) ? 1 : 0;
    }
    return new StepOutcome(completedSteps, trained.loss(), correct, batch.rows(), rate);
  }

  /** Recomputes norm statistics as exact means over fixed batches of the finished network. */
  public void recalibrate() {
    int wanted = laidOut.run().config().train().compute().norms().batches();
    int passes = Math.min(wanted, batches.fixedCount());
    for (int k = 0; k < passes; k++) {
      executor().gatherNorms(batches.loadFixed(k), k);
      context.progress().run();
    }
  }

  /** The live state. */
  StateAccess state() {
    return executor();
  }

  /**
   * Measures what the mask update of the committed step asks for, at its averaged weights: of all
   * layers, or of the one that the commit names.
   */
  public void measure() {
    List<StatisticRequest> due =
        measuredLayer.isPresent() ? requests.ofEachLayer() : requestsAt(completedSteps);
    StatisticsCodec codec =
        StatisticsCodec.of(
            due, laidOut.run().observedLayers(), masks().candidates(), measuredLayer);
    measured = Optional.of(new Measured(codec, measured(due)));
  }

  /** Another executor measures what this one cannot, and leaves no trace either. */
  private List<List<List<float[]>>> measured(List<StatisticRequest> due) {
    if (executor().measures(due)) {
      return executor().measure(due, measuredLayers(), this::measuredBatch, completedSteps);
    }
    try (ReplicaLayout engine =
        laidOut.swapped(completedSteps, Executors.of(Execution.ENGINE), context)) {
      return engine.executor().measure(due, measuredLayers(), this::measuredBatch, completedSteps);
    }
  }

  private List<Integer> measuredLayers() {
    return measuredLayer
        .map(List::of)
        .orElseGet(() -> IntStream.range(0, laidOut.run().prunable().size()).boxed().toList());
  }

  /** The batch on which an update after so many steps measures; valid until the next one. */
  public Batch measuredBatch(long step) {
    return batches.load(step).part(0, whole.config().data().batchSize());
  }

  /**
   * The requested statistics after {@link #measure}; else living values, then the stream state.
   * Little-endian. The next call overwrites them.
   */
  public ByteBuffer packedState() {
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
    laidOut.codec().pack(executor(), living, bytes.asFloatBuffer());
    stream.ifPresent(
        read -> read.state().encode(bytes.slice(floats * Float.BYTES, whole.streamStateBytes())));
    return bytes;
  }

  @Override
  public void close() {
    opened.close();
  }

  private List<StatisticRequest> requestsAt(long step) {
    return whole
        .plan()
        .updateAt(step)
        .map(update -> requests.of(update, masks().masks()))
        .orElse(List.of());
  }

  /** Loss (mean, in nats) and accuracy of one step's batch, before its update. */
  public record StepOutcome(
      long step, double loss, int correct, int examples, double learningRate) {}
}
