package io.espalier.trainer.executor.engine;

import io.espalier.masks.Mask;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.WeightViews;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.optimizer.Optimizer;
import io.espalier.trainer.optimizer.ParameterArrays;
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
 * Takes optimizer steps: passes over a batch, the acts of step rules, and the update. Without rules
 * it costs what passes and update cost. Confined to the executor's thread; called within a step's
 * scope.
 */
final class TrainingStep {
  private final List<ParameterSpec> specs;
  private final EngineNetwork network;
  private final WeightViews<FloatMask> masks;
  private final BackwardPasses passes;
  private final StateCodec codec;

  /** Gradients that wait for {@link #update}; {@code first} is of pass 0. */
  record Gradients(
      Executor.At at,
      TrainedBatch first,
      List<ParameterArrays> arrays,
      List<StepRule> rules,
      Optional<Step> seen) {}

  TrainingStep(
      PreparedRun run, EngineNetwork network, WeightViews<FloatMask> masks, BackwardPasses passes) {
    this.specs = run.network().parameters();
    this.network = network;
    this.masks = masks;
    this.passes = passes;
    this.codec = new StateCodec(run.stateLayout());
  }

  /** Computes the gradients of a batch. */
  Gradients gradients(Batch batch, Executor.At at, List<StepRule> rules) {
    TrainedBatch first = passes.train(batch, network::train);
    passes.requireFinite(first.loss(), at.completed());
    List<ParameterArrays> arrays = passes.forUpdate(at.completed());
    if (rules.isEmpty()) {
      return new Gradients(at, first, arrays, rules, Optional.empty());
    }
    int count = rules.stream().mapToInt(StepRule::passes).max().orElse(1);
    Step step = seen(arrays, at, 0);
    for (int pass = 1; pass < count; pass++) {
      afterBackward(rules, step, false);
      arrays.forEach(ParameterArrays::clearGradient);
      TrainedBatch again =
          passes.train(batch, each -> network.measure(each, MaskedParameter::forTraining));
      passes.requireFinite(again.loss(), at.completed());
      arrays = passes.forUpdate(at.completed());
      step = seen(arrays, at, pass);
    }
    afterBackward(rules, step, true);
    return new Gradients(at, first, arrays, rules, Optional.of(step));
  }

  private static void afterBackward(List<StepRule> rules, Step step, boolean last) {
    for (StepRule rule : rules) {
      if (last || rule.passes() > 1) {
        rule.afterBackward(step);
      }
    }
  }

  /** Takes the update. Dead weights are set to 0 after rules and optimizers of users. */
  void update(Optimizer optimizer, Gradients gradients) {
    Executor.At at = gradients.at();
    List<StepRule> rules = gradients.rules();
    optimizer.step(gradients.arrays(), at.completed(), at.rate());
    gradients.seen().ifPresent(step -> rules.forEach(rule -> rule.afterUpdate(step)));
    if (!StepRules.areBuiltIn(rules) || !optimizer.isBuiltIn()) {
      codec.clearDead(network, masks.state().livingAt(at.clock()));
    }
  }

  private Step seen(List<ParameterArrays> arrays, Executor.At at, int pass) {
    List<TrainedParameter> parameters = new ArrayList<>();
    for (int i = 0; i < network.parameters().size(); i++) {
      MaskedParameter parameter = network.parameters().get(i);
      if (parameter.isUpdated()) {
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
