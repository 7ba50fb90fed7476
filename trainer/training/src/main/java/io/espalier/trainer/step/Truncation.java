package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.algebra.LowRank;
import io.espalier.trainer.network.ParameterSpec.Role;

/**
 * Trained rank pruning: every so many steps each weight, as a matrix of its outputs, becomes the
 * nearest matrix of the smallest rank that keeps a share of the sum of its squared singular values;
 * in the same step its gradient gets {@code strength · U V^T} of what is kept, the slope of the
 * nuclear norm (Xu et al., "TRP: trained rank pruning for efficient deep neural networks", 2020).
 * Each trainer truncates its own weights, and their mean has a higher rank than each of them.
 */
final class Truncation extends BuiltInRule {
  private static final String ENERGY = "energy";
  private static final String EVERY = "every";

  @Override
  public String name() {
    return "truncation";
  }

  @Override
  PluginKeys own() {
    return strength(3e-4).share(ENERGY, 0.9).whole(EVERY, 20);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    double energy = settings.number(ENERGY);
    int every = settings.whole(EVERY);
    requireStrength(rules, settings)
        .require(ENERGY, energy, energy > 0 && energy <= 1, "above 0%, at most 100%")
        .require(EVERY, every, every >= 1, "1 step or more");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    if (context.prunesWeights() && context.clock().finalSparsity() > 0) {
      throw StepRuleContext.refusal(
          name(),
          "lowers the rank of whole weights, which masks of single weights undo: set prune.sparsity = 0%"
              + " or prune.granularity = channel");
    }
    return new Rule(
        settings.number(STRENGTH), settings.number(ENERGY), settings.whole(EVERY), begin);
  }

  private record Rule(double strength, double energy, int every, long begin) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      if (isDue(step)) {
        step.parameters().stream()
            .filter(Rule::isMatrix)
            .forEach(
                parameter -> {
                  double[] direction = lowRank(parameter).direction();
                  for (int unit = 0; unit < direction.length; unit++) {
                    parameter.addSlope(unit, strength * direction[unit]);
                  }
                });
      }
    }

    @Override
    public void afterUpdate(Step step) {
      if (isDue(step)) {
        step.parameters().stream()
            .filter(Rule::isMatrix)
            .forEach(
                parameter -> {
                  double[] nearest = lowRank(parameter).nearest();
                  for (int unit = 0; unit < nearest.length; unit++) {
                    parameter.weight().put(unit, (float) nearest[unit]);
                  }
                });
      }
    }

    private boolean isDue(Step step) {
      return (step.completed() + 1 - begin) % every == 0;
    }

    /** Of a weight as a matrix of its outputs. */
    private LowRank lowRank(TrainedParameter parameter) {
      int outputs = parameter.shape().dimensions().get(0);
      int inputs = parameter.shape().size() / outputs;
      return LowRank.of(parameter.weight(), outputs, inputs, energy);
    }

    private static boolean isMatrix(TrainedParameter parameter) {
      return parameter.role() == Role.WEIGHT && parameter.shape().rank() >= 2;
    }
  }
}
