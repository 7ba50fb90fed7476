package io.espalier.trainer.executor.sparse;

import io.espalier.masks.Mask;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.step.Step;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.step.TrainedParameter;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shows a step to rules, which see weights and gradients whole, and takes in what they change of
 * kept weights. A run without rules needs none of its arrays.
 */
final class RuledStep {
  private final StepGradients gradients;
  private final List<Shown> all = new ArrayList<>();

  /** A trained parameter, and its values and gradients unpacked. */
  private record Shown(
      SparseParameter parameter, FloatBuffer weight, FloatBuffer gradient, TrainedParameter seen) {
    static Shown of(SparseParameter parameter, ParameterSpec spec, int index, Optional<Mask> kept) {
      FloatBuffer weight = FloatBuffer.allocate(spec.shape().size());
      FloatBuffer gradient = FloatBuffer.allocate(spec.shape().size());
      return new Shown(
          parameter,
          weight,
          gradient,
          new TrainedParameter(
              spec.shape(), spec.role(), index, weight.duplicate(), gradient.duplicate(), kept));
    }

    void load(StepGradients gradients) {
      SparseParameter.unpack(parameter.mask(), parameter.values(), weight.array());
      gradients.read(seen.index(), gradient);
    }

    /** After an update, which consumes gradients. */
    void loadUpdated() {
      SparseParameter.unpack(parameter.mask(), parameter.values(), weight.array());
      Arrays.fill(gradient.array(), 0);
    }

    void store() {
      SparseParameter.pack(parameter.mask(), weight.array(), parameter.values());
      SparseParameter.pack(parameter.mask(), gradient.array(), parameter.gradient());
    }
  }

  /**
   * @param parameters of the network, in its order
   */
  RuledStep(
      PreparedRun run, MaskState masks, StepGradients gradients, List<SparseParameter> parameters) {
    this.gradients = gradients;
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).isTrained()) {
        all.add(
            Shown.of(
                parameters.get(i),
                run.network().parameters().get(i),
                i,
                run.stateLayout().entries().get(i).mask().map(masks.masks().masks()::get)));
      }
    }
  }

  void afterBackward(Executor.At at, int pass, List<StepRule> rules) {
    all.forEach(each -> each.load(gradients));
    Step step = step(at, pass);
    rules.forEach(rule -> rule.afterBackward(step));
    all.forEach(Shown::store);
  }

  void afterUpdate(Executor.At at, int pass, List<StepRule> rules) {
    all.forEach(Shown::loadUpdated);
    Step step = step(at, pass);
    rules.forEach(rule -> rule.afterUpdate(step));
    all.forEach(Shown::store);
  }

  private Step step(Executor.At at, int pass) {
    return new Step(at.clock(), at.rate(), pass, all.stream().map(Shown::seen).toList());
  }
}
