package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.step.ProximalPull;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A network that a federation's clients share in turn; no use affects the next. Pruned weights are
 * exactly 0. Calls come from one thread at a time; each sets the engine's grad mode.
 */
public final class LocalReplica implements AutoCloseable {
  private final PreparedRun run;
  private final NDManager manager;
  private final ReplicaNetwork network;
  private final ReplicaMasks masks;
  private final Objective objective;
  private final BackwardPasses passes;
  private final Optimizer optimizer;
  private final Inference inference;
  private final Runnable progress;

  /** One round's training; {@code proximal} as in FedProx (Li et al., 2020). */
  public record Course(long firstEpoch, int epochs, double rate, double proximal) {}

  public record Trained(long steps, double loss) {}

  public LocalReplica(PreparedRun run, Runnable progress) {
    this.run = run;
    this.progress = progress;
    manager = TensorEngine.newManager();
    JniUtils.setGradMode(false);
    network = new ReplicaNetwork(run, manager, WidthScale.of(run));
    masks = new ReplicaMasks(run, 0, network.parameters(), manager, run.denseMasks());
    objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    passes = new BackwardPasses(network, manager, objective);
    optimizer = Optimizer.of(run);
    inference = new Inference(run.network(), objective, manager, this::logits);
  }

  private NDArray logits(NDArray input) {
    progress.run();
    return network.evaluate(input, each -> each.forEvaluation(Optional.empty()));
  }

  /** Loads values and masks; pruned weights and all moments become 0. */
  public void load(StateAccess values, MaskSet maskSet) {
    JniUtils.setGradMode(false);
    List<MaskedParameter> parameters = network.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      for (int slot = 0; slot < parameters.get(i).entry().slots(); slot++) {
        FloatBuffer target = network.array(i, slot);
        target.put(slot == 0 ? values.array(i, 0) : FloatBuffer.allocate(target.remaining()));
      }
    }
    masks.use(run.masks(maskSet, 0));
    new StateCodec(run.stateLayout()).clearDead(network, masks.livingAt(0));
  }

  public StateAccess state() {
    return network;
  }

  public Trained train(EpochBatches batches, Course course) {
    JniUtils.setGradMode(false);
    TrainingStep step = new TrainingStep(run, network, masks, passes, rules(course));
    long round = course.firstEpoch() / Math.max(1, course.epochs());
    long steps = 0;
    double losses = 0;
    for (int epoch = 0; epoch < course.epochs(); epoch++) {
      for (int index = 0; index < batches.perEpoch(); index++) {
        TrainingStep.At at = new TrainingStep.At(steps, round, course.rate());
        losses += step(step, batches, course.firstEpoch() + epoch, index, at);
        steps++;
        progress.run();
      }
    }
    return new Trained(steps, losses / steps);
  }

  /** The pull comes first; a factor of 0 costs nothing. */
  private List<StepRule> rules(Course course) {
    List<StepRule> rules = new ArrayList<>();
    if (course.proximal() != 0) {
      rules.add(
          new ProximalPull(
              course.proximal(),
              network.parameters().stream()
                  .filter(MaskedParameter::isTrained)
                  .map(each -> each.array(0))
                  .toList()));
    }
    rules.addAll(run.stepRules());
    return rules;
  }

  private float step(
      TrainingStep step, EpochBatches batches, long epoch, int index, TrainingStep.At at) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(epoch, index, manager);
      TrainingStep.Gradients gradients = step.gradients(input, batches, at);
      step.update(optimizer, gradients);
      return gradients.loss();
    }
  }

  /** Recomputes norm statistics as exact means over all whole batches. */
  public void gatherNorms(EpochBatches batches) {
    JniUtils.setGradMode(false);
    for (int k = 0; k < batches.perEpoch(); k++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        network.gatherNorms(batches.loadFixed(k, manager), k);
        progress.run();
      }
    }
  }

  /** Computes the gradients of one batch, pruned weights included, for {@code read}. */
  public void gradients(
      EpochBatches batches,
      long epoch,
      List<Integer> parameters,
      BiConsumer<Integer, FloatBuffer> read) {
    JniUtils.setGradMode(false);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = batches.load(epoch, 0, manager);
      JniUtils.setGradMode(true);
      NDArray logits = network.measure(input, each -> each.forMeasuring(Optional.empty()));
      passes.backward(input, logits, batches);
      List<MaskedParameter> prunable = network.prunable();
      parameters.forEach(index -> read.accept(index, prunable.get(index).gradient()));
      passes.clearGradients();
    }
  }

  public EvaluationPart evaluate(Examples examples, int[] indices) {
    JniUtils.setGradMode(false);
    return inference.evaluate(examples, indices, 0, 1);
  }

  @Override
  public void close() {
    manager.close();
    objective.close();
  }
}
