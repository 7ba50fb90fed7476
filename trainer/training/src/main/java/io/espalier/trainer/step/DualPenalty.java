package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Parts small weights from large ones: {@code λ₁ Σ |w|} over those that the plan's sparsity would
 * leave out of their layer, and {@code λ₂ Σ max(0, 2q − |w|)} over the others, where {@code q} is
 * the smallest magnitude of these; both as slopes in the gradient, 0 at 0 (after Liu et al.,
 * "Pruning on-the-fly", 2022; form ours, as the paper gives no formula).
 */
final class DualPenalty extends BuiltInRule {
  private static final String SEPARATION = "separation";

  @Override
  public String name() {
    return "dual-penalty";
  }

  @Override
  PluginKeys own() {
    return strength(1e-4).number(SEPARATION, 1e-4);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    double separation = settings.number(SEPARATION);
    requireStrength(rules, settings)
        .require(SEPARATION, separation, separation >= 0 && separation <= 1000, "from 0 to 1000");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(sparsity(context), settings.number(STRENGTH), settings.number(SEPARATION));
  }

  private record Rule(double sparsity, double strength, double separation) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      List<TrainedParameter> prunable = step.prunable();
      List<Mask> large = LargestWeights.ofEach(prunable, sparsity);
      LargestWeights.forEachOther(
          prunable,
          large,
          (parameter, unit) ->
              parameter.addSlope(unit, strength * Math.signum(parameter.weight().get(unit))));
      for (int p = 0; p < prunable.size(); p++) {
        raise(prunable.get(p), large.get(p));
      }
    }

    private void raise(TrainedParameter parameter, Mask large) {
      FloatBuffer weight = parameter.weight();
      float[] least = {Float.POSITIVE_INFINITY};
      large.forEachKept(unit -> least[0] = Math.min(least[0], Math.abs(weight.get(unit))));
      large.forEachKept(
          unit -> {
            if (Math.abs(weight.get(unit)) < 2 * least[0]) {
              parameter.addSlope(unit, -separation * Math.signum(weight.get(unit)));
            }
          });
    }
  }
}
