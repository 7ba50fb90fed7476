package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Arrays;
import java.util.List;

/**
 * Sharpness-aware minimisation: the gradient of a step is taken at {@code w + ρ · g / ‖g‖}, over
 * all parameters together (Foret et al., "Sharpness-aware minimization for efficiently improving
 * generalization", 2021). A step takes two forward and backward passes.
 */
final class SharpnessAware extends BuiltInRule {
  private static final String RADIUS = "radius";

  @Override
  public String name() {
    return "sam";
  }

  @Override
  PluginKeys own() {
    return PluginKeys.NONE.number(RADIUS, 0.05);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireFactor(rules, settings, RADIUS);
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    double radius = settings.number(RADIUS);
    return new Ascent(parameters -> factors(parameters, radius));
  }

  private static List<double[]> factors(List<TrainedParameter> parameters, double radius) {
    double norm = Math.sqrt(parameters.stream().mapToDouble(SharpnessAware::squares).sum());
    return parameters.stream()
        .map(
            parameter -> {
              double[] factors = new double[parameter.weight().limit()];
              Arrays.fill(factors, norm > 0 ? radius / norm : 0);
              return factors;
            })
        .toList();
  }

  private static double squares(TrainedParameter parameter) {
    double squares = 0;
    for (int unit = 0; unit < parameter.weight().limit(); unit++) {
      double slope = parameter.isAlive(unit) ? parameter.gradient().get(unit) : 0;
      squares += slope * slope;
    }
    return squares;
  }
}
