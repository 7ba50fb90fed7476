package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Half-space projection on zero-invariant groups: all weights, biases and norm parameters that make
 * one channel, whose output is 0 where they are. The gradient of a group {@code x} gets {@code
 * strength · x / ‖x‖}; after the update to {@code y} the group becomes 0 where {@code y · x < ε ·
 * ‖x‖²}, and stays 0 from then on (Chen et al., "Only train once: a one-shot neural network
 * training and pruning framework", 2021, HSPG). Channels that are 0 are cut without a change of the
 * function.
 */
final class HalfSpace extends BuiltInRule {
  private static final String EPSILON = "epsilon";

  @Override
  public String name() {
    return "half-space";
  }

  @Override
  PluginKeys own() {
    return strength(1e-3).number(EPSILON, 0);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    double epsilon = settings.number(EPSILON);
    requireStrength(rules, settings)
        .require(EPSILON, epsilon, epsilon >= 0 && epsilon < 1, "from 0 to below 1");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    List<ZeroInvariantGroup> groups =
        ZeroInvariantGroup.of(name(), context.groups().get()).stream()
            .flatMap(List::stream)
            .toList();
    return new Rule(groups, settings.number(STRENGTH), settings.number(EPSILON));
  }

  private static final class Rule implements StepRule {
    private final List<ZeroInvariantGroup> groups;
    private final double strength;
    private final double epsilon;

    /** Weights before the update. */
    private final Map<ParameterId, float[]> before = new HashMap<>();

    private Rule(List<ZeroInvariantGroup> groups, double strength, double epsilon) {
      this.groups = groups;
      this.strength = strength;
      this.epsilon = epsilon;
    }

    @Override
    public void afterBackward(Step step) {
      Map<ParameterId, TrainedParameter> parameters = step.byId();
      parameters.forEach((id, parameter) -> before.put(id, parameter.weights()));
      for (ZeroInvariantGroup group : groups) {
        double norm = group.norm(parameters);
        if (norm > 0) {
          group.addDecay(parameters, strength / norm);
        }
      }
    }

    @Override
    public void afterUpdate(Step step) {
      Map<ParameterId, TrainedParameter> parameters = step.byId();
      for (ZeroInvariantGroup group : groups) {
        double[] squares = {0};
        group.forEachUnit(
            parameters,
            (parameter, unit) -> {
              double value = before(parameter)[unit];
              squares[0] += value * value;
            });
        if (squares[0] == 0 || product(group, parameters) < epsilon * squares[0]) {
          group.forEachUnit(parameters, (parameter, unit) -> parameter.weight().put(unit, 0));
        }
      }
      before.clear();
    }

    /** The product of the present weights with those before the update. */
    private double product(ZeroInvariantGroup group, Map<ParameterId, TrainedParameter> present) {
      double[] product = {0};
      group.forEachUnit(
          present,
          (parameter, unit) ->
              product[0] += (double) parameter.weight().get(unit) * before(parameter)[unit]);
      return product[0];
    }

    private float[] before(TrainedParameter parameter) {
      return Objects.requireNonNull(before.get(parameter.shape().id()));
    }
  }
}
