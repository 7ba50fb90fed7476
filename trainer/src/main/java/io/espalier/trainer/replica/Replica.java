package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.prune.MaskConfig;
import io.espalier.trainer.commit.Applied;
import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.EvaluationPart;
import io.espalier.trainer.commit.EvaluationRequest;
import io.espalier.trainer.commit.ReplicaUpdate;
import io.espalier.trainer.data.BatchOrder;
import io.espalier.trainer.optimizer.LearningRate;
import io.espalier.trainer.optimizer.Optimizer;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.state.LivingUnits;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateDigest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One trainer's copy of the network and its shard of the data.
 *
 * <p>Call order: {@link #apply} a commit; if it says train, {@link #step} until {@link
 * #completedSteps} reaches the plan's next sync; if it says recalibrate, {@link #recalibrate}; then
 * {@link #packedState} is what the coordinator averages.
 *
 * <p>All calls come from one thread at a time; each sets the engine's grad mode for itself.
 */
public final class Replica implements AutoCloseable {
  private static final int RECALIBRATION_BATCHES = 64;

  private final PreparedRun run;
  private final int trainer;
  private final NDManager manager;
  private final ReplicaNetwork network;
  private final ReplicaMasks masks;
  private final Optimizer optimizer;
  private final LearningRate learningRate;
  private final StateCodec codec;
  private final StateDigest digest;
  private final Batches batches;
  private final Evaluator evaluator;
  private final int[] shard;
  private final Runnable progress;
  private int[] order = {};
  private long orderedEpoch = -1;
  private long completedSteps;

  public Replica(PreparedRun run, int trainer) {
    this(run, trainer, () -> {});
  }

  /**
   * A replica that calls {@code progress} after each batch of an evaluation or recalibration, which
   * may take long.
   */
  public Replica(PreparedRun run, int trainer, Runnable progress) {
    this.progress = progress;
    this.run = run;
    this.trainer = trainer;
    manager = NDManager.newBaseManager();
    JniUtils.setGradMode(false);
    network = new ReplicaNetwork(run, manager);
    masks = new ReplicaMasks(run, trainer, network.parameters(), manager, ReplicaUpdate.dense(run));
    optimizer = Optimizer.of(run.config().train().optimizer());
    learningRate =
        LearningRate.of(
            run.config().train().learningRate(),
            run.plan().totalSteps(),
            run.plan().stepsPerEpoch());
    codec = new StateCodec(run.stateLayout());
    digest = new StateDigest(run.stateLayout());
    batches = new Batches(run.dataset().input(), run.config().data().batchSize());
    evaluator = new Evaluator(run, trainer, network, masks, manager, progress);
    shard = run.splits().shard(trainer);
  }

  public long completedSteps() {
    return completedSteps;
  }

  /** Time that evaluations took since this replica was made. */
  public long evaluationNs() {
    return evaluator.spentNs();
  }

  /** Takes over a committed state, carries out its evaluations, and digests what it then holds. */
  public Applied apply(Commit commit, ByteBuffer payload) {
    JniUtils.setGradMode(false);
    ReplicaUpdate update = ReplicaUpdate.of(commit, payload, masks.state(), run);
    codec.unpack(update.values(), update.valuesOf(), network);
    completedSteps = commit.step();
    List<EvaluationPart> parts = new ArrayList<>();
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(evaluator.evaluate(request.set()));
      }
    }
    if (update.masks() != masks.state()) {
      masks.use(update.masks());
      codec.clearDead(network, masks.livingAt(commit.step()));
    }
    for (EvaluationRequest request : commit.evaluations()) {
      if (request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE) {
        parts.add(evaluator.evaluate(request.set()));
      }
    }
    String held = digest.of(network, commit.step(), update.masks().digest(commit.step()));
    return new Applied(commit.step(), held, parts);
  }

  /**
   * Trains on one batch.
   *
   * @throws DivergedException if the loss is not finite
   */
  public StepOutcome step() {
    JniUtils.setGradMode(false);
    masks.beforeStep(completedSteps, network);
    double rate = learningRate.at(completedSteps);
    int count = run.config().data().batchSize();
    int from = startBatch();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(run.dataset().train(), order, from, count, manager);
      JniUtils.setGradMode(true);
      NDArray logits = network.train(input);
      NDArray loss = crossEntropy(logits, batches.labels(count, manager));
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(new Shape()), false, false);
      JniUtils.setGradMode(false);
      StepOutcome outcome = measure(logits, loss.getFloat(), count, rate);
      update(rate);
      completedSteps++;
      return outcome;
    }
  }

  /** Gathers norm statistics afresh, as exact means over fixed batches of the finished network. */
  public void recalibrate() {
    JniUtils.setGradMode(false);
    int count = run.config().data().batchSize();
    int[] fixed = BatchOrder.order(run.config().seed(), trainer, shard, -1);
    int passes = Math.min(RECALIBRATION_BATCHES, fixed.length / count);
    for (int k = 0; k < passes; k++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        network.gatherNorms(
            batches.load(run.dataset().train(), fixed, k * count, count, manager), k);
        progress.run();
      }
    }
  }

  /** Live views of everything that this replica holds, dead units included. */
  StateAccess state() {
    return network;
  }

  /** Engine arrays that this replica owns; the same number after every step. */
  int ownedArrays() {
    return manager.getManagedArrays().size();
  }

  /** The living values, packed for the coordinator; little-endian. */
  public ByteBuffer packedState() {
    LivingUnits living = masks.livingAt(completedSteps);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(run.stateLayout().packedBytes(living))
            .order(ByteOrder.LITTLE_ENDIAN);
    codec.pack(network, living, bytes.asFloatBuffer());
    return bytes;
  }

  @Override
  public void close() {
    manager.close();
  }

  private int startBatch() {
    long epoch = completedSteps / run.plan().stepsPerEpoch();
    if (epoch != orderedEpoch) {
      order = BatchOrder.order(run.config().seed(), trainer, shard, epoch);
      orderedEpoch = epoch;
    }
    long batch = completedSteps % run.plan().stepsPerEpoch();
    return Math.toIntExact(batch * run.config().data().batchSize());
  }

  private static NDArray crossEntropy(NDArray logits, NDArray labels) {
    NDArray picked = logits.logSoftmax(1).gather(labels.expandDims(1), 1);
    return picked.mean().neg();
  }

  private StepOutcome measure(NDArray logits, float loss, int count, double rate) {
    if (!Float.isFinite(loss)) {
      MaskedParameter largest = network.largest();
      throw new DivergedException(
          completedSteps, "The loss", largest.entry().id().name(), largest.largestMagnitude());
    }
    int classes = run.dataset().classes();
    float[] values = logits.toFloatArray();
    int correct = 0;
    for (int row = 0; row < count; row++) {
      correct += CrossEntropy.argmax(values, row, classes) == batches.label(row) ? 1 : 0;
    }
    return new StepOutcome(completedSteps, loss, correct, count, rate);
  }

  private void update(double rate) {
    double decay = run.config().train().optimizer().weightDecay();
    double maskedDecay =
        run.config().prune().mask() instanceof MaskConfig.Soft soft ? soft.maskedDecay() : 0;
    for (MaskedParameter parameter : network.parameters()) {
      if (parameter.isTrained()) {
        parameter.update(optimizer, decay, maskedDecay, completedSteps, rate);
      }
    }
  }
}
