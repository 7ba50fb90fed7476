package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.nio.FloatBuffer;

/**
 * Widens the contributions of the weights that lead to one output: {@code λ} times the sum over
 * outputs of the entropy {@code H = −Σ c ln c} of {@code c = |w| / Σ |w|}, as its slope {@code −λ ·
 * sign(w) · (ln c + H) / Σ |w|} in the gradient; 0 at 0. Small contributions get smaller and large
 * ones larger (after "Small contributions, small networks: efficient neural network pruning based
 * on relative importance", 2024; form ours: inputs of equal size).
 */
final class Widening extends BuiltInRule {
  @Override
  public String name() {
    return "widening";
  }

  @Override
  PluginKeys own() {
    return strength(1e-4);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireStrength(rules, settings);
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(settings.number(STRENGTH));
  }

  private record Rule(double strength) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      for (TrainedParameter parameter : step.prunable()) {
        int outputs = parameter.shape().dimensions().get(0);
        int inputs = parameter.shape().size() / outputs;
        for (int from = 0; from < parameter.shape().size(); from += inputs) {
          addSlopes(parameter, from, from + inputs);
        }
      }
    }

    private void addSlopes(TrainedParameter parameter, int from, int to) {
      FloatBuffer weight = parameter.weight();
      double sum = 0;
      for (int unit = from; unit < to; unit++) {
        sum += Math.abs(weight.get(unit));
      }
      double entropy = 0;
      for (int unit = from; unit < to; unit++) {
        double share = Math.abs(weight.get(unit)) / sum;
        entropy -= share > 0 ? share * Math.log(share) : 0;
      }
      for (int unit = from; unit < to; unit++) {
        float value = weight.get(unit);
        if (value != 0) {
          double rise = Math.log(Math.abs(value) / sum) + entropy;
          parameter.addSlope(unit, -strength * Math.signum(value) * rise / sum);
        }
      }
    }
  }
}
