package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The lasso penalty {@code λ · Σ |w|} over all prunable weights (Tibshirani, "Regression shrinkage
 * and selection via the lasso", 1996).
 *
 * <p>By default a proximal step after the update, {@code w ← sign(w) · max(0, |w| − ηλ)}, which
 * makes weights exactly 0; else the slope {@code λ · sign(w)}, 0 at 0, in the gradient.
 */
final class L1 extends BuiltInRule {
  private static final String STEP = "step";
  private static final String PROXIMAL = "proximal";

  @Override
  public String name() {
    return "l1";
  }

  @Override
  PluginKeys own() {
    return strength(1e-5).text(STEP, PROXIMAL);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireOneOf(requireStrength(rules, settings), settings, STEP, List.of(PROXIMAL, "gradient"));
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    double strength = settings.number(STRENGTH);
    return settings.text(STEP).equals(PROXIMAL) ? new Proximal(strength) : new Slope(strength);
  }

  private record Proximal(double strength) implements StepRule {
    @Override
    public void afterUpdate(Step step) {
      float threshold = (float) (step.rate() * strength);
      for (TrainedParameter parameter : step.prunable()) {
        FloatBuffer weight = parameter.weight();
        for (int unit = 0; unit < weight.limit(); unit++) {
          float value = weight.get(unit);
          float left = Math.abs(value) - threshold;
          weight.put(unit, left > 0 ? Math.copySign(left, value) : 0);
        }
      }
    }
  }

  private record Slope(double strength) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      for (TrainedParameter parameter : step.prunable()) {
        for (int unit = 0; unit < parameter.weight().limit(); unit++) {
          parameter.addSlope(unit, strength * Math.signum(parameter.weight().get(unit)));
        }
      }
    }
  }
}
