package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.masks.Mask;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.step.Step;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.step.StepRules;
import io.espalier.trainer.step.TrainedParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes optimizer steps of a replica or a client: passes over a batch, the acts of step rules, and
 * the update. Without rules it costs what passes and update cost. Confined to the replica's thread;
 * called within a step's scope.
 */
final class TrainingStep {
  private final List<ParameterSpec> specs;
  private final ReplicaNetwork network;
  private final ReplicaMasks masks;
  private final BackwardPasses passes;
  private final StateCodec codec;
  private final List<StepRule> rules;
  private final int count;

  /**
   * When a step is taken.
   *
   * @param completed steps since the optimizer's moments were 0
   * @param clock what rules count by: steps of the run, or rounds of a federation
   */
  record At(long completed, long clock, double rate) {}

  /** Gradients that wait for {@link #update}; {@code logits} and {@code loss} are of pass 0. */
  record Gradients(
      At at, NDArray logits, float loss, List<ParameterArrays> arrays, Optional<Step> seen) {}

  TrainingStep(
      PreparedRun run,
      ReplicaNetwork network,
      ReplicaMasks masks,
      BackwardPasses passes,
      List<StepRule> rules) {
    this.specs = run.network().parameters();
    this.network = network;
    this.masks = masks;
    this.passes = passes;
    this.codec = new StateCodec(run.stateLayout());
    this.rules = rules;
    this.count = rules.stream().mapToInt(StepRule::passes).max().orElse(1);
  }

  /** Computes the gradients of the batch that {@code batches} has loaded as {@code input}. */
  Gradients gradients(NDArray input, TrainingBatches batches, At at) {
    JniUtils.setGradMode(true);
    NDArray logits = network.train(input);
    float loss = passes.finite(passes.backward(input, logits, batches), at.completed());
    List<ParameterArrays> arrays = passes.forUpdate(at.completed());
    if (rules.isEmpty()) {
      return new Gradients(at, logits, loss, arrays, Optional.empty());
    }
    Step step = seen(arrays, at, 0);
    for (int pass = 1; pass < count; pass++) {
      afterBackward(step, false);
      arrays.forEach(ParameterArrays::clearGradient);
      JniUtils.setGradMode(true);
      NDArray again = network.measure(input, MaskedParameter::forTraining);
      passes.finite(passes.backward(input, again, batches), at.completed());
      arrays = passes.forUpdate(at.completed());
      step = seen(arrays, at, pass);
    }
    afterBackward(step, true);
    return new Gradients(at, logits, loss, arrays, Optional.of(step));
  }

  private void afterBackward(Step step, boolean last) {
    for (StepRule rule : rules) {
      if (last || rule.passes() > 1) {
        rule.afterBackward(step);
      }
    }
  }

  /** Takes the update. Dead weights are set to 0 after rules of users. */
  void update(Optimizer optimizer, Gradients gradients) {
    At at = gradients.at();
    optimizer.step(gradients.arrays(), at.completed(), at.rate());
    if (gradients.seen().isPresent()) {
      rules.forEach(rule -> rule.afterUpdate(gradients.seen().get()));
      if (!StepRules.areBuiltIn(rules)) {
        codec.clearDead(network, masks.livingAt(at.clock()));
      }
    }
  }

  private Step seen(List<ParameterArrays> arrays, At at, int pass) {
    List<TrainedParameter> parameters = new ArrayList<>();
    for (int i = 0; i < network.parameters().size(); i++) {
      MaskedParameter parameter = network.parameters().get(i);
      if (parameter.isTrained()) {
        ParameterArrays live = arrays.get(parameters.size());
        Optional<Mask> kept = parameter.entry().mask().map(masks.state().masks().masks()::get);
        parameters.add(
            new TrainedParameter(
                specs.get(i).shape(),
                specs.get(i).role(),
                i,
                live.weight().duplicate(),
                live.gradient().duplicate(),
                kept));
      }
    }
    return new Step(at.clock(), at.rate(), pass, parameters);
  }
}
