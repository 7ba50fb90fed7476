package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * Global sparse momentum: only the weights that the plan's sparsity would keep by {@code |w · g|}
 * over the whole network get their gradient; all others get 0, so that momentum and weight decay
 * fade them. Chosen anew in each step (Ding et al., "Global sparse momentum SGD for pruning very
 * deep neural networks", 2019). It is meant for SGD with a momentum of 0.98 or more and weight
 * decay, and for one cut at the end.
 */
final class Gsm extends BuiltInRule {
  @Override
  public String name() {
    return "gsm";
  }

  @Override
  PluginKeys own() {
    return PluginKeys.NONE;
  }

  @Override
  void check(MemberSettings settings, Rules rules) {}

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(sparsity(context));
  }

  private record Rule(double sparsity) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      List<TrainedParameter> prunable = step.prunable();
      List<float[]> scores = new ArrayList<>();
      for (TrainedParameter parameter : prunable) {
        float[] score = parameter.weights();
        for (int unit = 0; unit < score.length; unit++) {
          score[unit] = Math.abs(score[unit] * parameter.gradient().get(unit));
        }
        scores.add(score);
      }
      LargestWeights.forEachOther(
          prunable,
          LargestWeights.ofAll(prunable, scores, sparsity),
          (parameter, unit) -> parameter.gradient().put(unit, 0));
    }
  }
}
