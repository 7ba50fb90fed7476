package io.espalier.trainer.step;

import io.espalier.configs.TrainConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.schedule.ScheduleClock;
import io.espalier.masks.structure.Groups;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rules as recipes make them, and parameters for them to act on. */
final class RuleFixture {
  /** Ten epochs of ten steps. */
  static final long STEPS = 100;

  private RuleFixture() {}

  static TrainConfig train(String rule) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "data = digits, model = lenet-5\ntrain.rules = [{ kind = " + rule + " }]",
            List.of())
        .config()
        .train();
  }

  static StepRule rule(String rule, StepRuleContext context) {
    return StepRules.of(train(rule).step().rules(), context).get(0);
  }

  static StepRule rule(String rule, double sparsity) {
    return rule(rule, context(sparsity, true));
  }

  static StepRuleContext context(double sparsity, boolean prunesWeights, Role... roles) {
    List<ParameterSpec> parameters =
        Arrays.stream(roles)
            .map(role -> new ParameterSpec(shape("p." + role, List.of(2)), role, 1, 1, 0))
            .toList();
    return context(sparsity, prunesWeights, parameters, Groups.ofUnits(List.of(), List.of()));
  }

  static StepRuleContext context(
      double sparsity, boolean prunesWeights, List<ParameterSpec> parameters, Groups groups) {
    return new StepRuleContext(
        new ScheduleClock(sparsity, STEPS, 10), parameters, () -> groups, prunesWeights);
  }

  static ParameterShape shape(String name, List<Integer> dimensions) {
    return new ParameterShape(new ParameterId(name), dimensions);
  }

  /** A prunable weight of which all is kept, with its gradient. */
  static TrainedParameter weight(float[] values, float[] gradient, Integer... dimensions) {
    return weight(values, gradient, Mask.allKept(values.length), dimensions);
  }

  static TrainedParameter weight(
      float[] values, float[] gradient, Mask kept, Integer... dimensions) {
    return new TrainedParameter(
        shape("fc.weight", List.of(dimensions)),
        Role.WEIGHT,
        0,
        FloatBuffer.wrap(values),
        FloatBuffer.wrap(gradient),
        Optional.of(kept));
  }

  static TrainedParameter parameter(Role role, String name, float[] values, float[] gradient) {
    return new TrainedParameter(
        shape(name, List.of(values.length)),
        role,
        1,
        FloatBuffer.wrap(values),
        FloatBuffer.wrap(gradient),
        Optional.empty());
  }

  static Step step(long completed, double rate, TrainedParameter... parameters) {
    return new Step(completed, rate, 0, List.of(parameters));
  }

  static Step pass(int pass, TrainedParameter... parameters) {
    return new Step(0, 0.1, pass, List.of(parameters));
  }
}
