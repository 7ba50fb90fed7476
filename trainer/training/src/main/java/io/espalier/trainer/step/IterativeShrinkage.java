package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;

/**
 * Iterative soft shrinkage: after each update the smallest weights of each layer, as many as the
 * plan's sparsity leaves out and at most 99.5 %, are multiplied by a factor. Chosen anew in each
 * step, so that weights may leave the set (Wang et al., "Iterative soft shrinkage learning for
 * efficient image super-resolution", 2023, ISS-P). A factor of 0 is iterative hard thresholding.
 */
final class IterativeShrinkage extends BuiltInRule {
  private static final String FACTOR = "factor";
  private static final double MOST = 0.995;

  @Override
  public String name() {
    return "iss";
  }

  @Override
  PluginKeys own() {
    return PluginKeys.NONE.number(FACTOR, 0.95);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    double factor = settings.number(FACTOR);
    rules.require(FACTOR, factor, factor >= 0 && factor < 1, "from 0 to below 1");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(Math.min(MOST, sparsity(context)), settings.number(FACTOR));
  }

  private record Rule(double share, double factor) implements StepRule {
    @Override
    public void afterUpdate(Step step) {
      List<TrainedParameter> prunable = step.prunable();
      LargestWeights.forEachOther(
          prunable,
          LargestWeights.ofEach(prunable, share),
          (parameter, unit) ->
              parameter.weight().put(unit, (float) (parameter.weight().get(unit) * factor)));
    }
  }
}
