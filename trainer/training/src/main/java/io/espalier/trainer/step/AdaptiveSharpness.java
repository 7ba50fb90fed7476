package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Arrays;

/**
 * Sharpness-aware minimisation with a radius per output, which is larger the less the output
 * weighs: the gradient of row or filter {@code i} of a prunable weight is taken at {@code w + ρ_i ·
 * g / ‖g‖}, where {@code ρ_i} falls linearly from {@code radius} for the smallest norm of its layer
 * to {@code least-radius} for the largest; {@code radius} where all are equal (Bair et al.,
 * "Adaptive sharpness-aware pruning for robust sparse networks", 2024). Other parameters stay. A
 * step takes two forward and backward passes.
 */
final class AdaptiveSharpness extends BuiltInRule {
  private static final String RADIUS = "radius";
  private static final String LEAST = "least-radius";

  @Override
  public String name() {
    return "adasap";
  }

  @Override
  PluginKeys own() {
    return PluginKeys.NONE.number(RADIUS, 2).number(LEAST, 0.01);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    double least = settings.number(LEAST);
    requireFactor(rules, settings, RADIUS)
        .require(LEAST, least, least >= 0 && least <= settings.number(RADIUS), "from 0 to radius");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    double most = settings.number(RADIUS);
    double least = settings.number(LEAST);
    return new Ascent(
        parameters -> parameters.stream().map(each -> factors(each, most, least)).toList());
  }

  private static double[] factors(TrainedParameter parameter, double most, double least) {
    double[] factors = new double[parameter.weight().limit()];
    if (parameter.kept().isEmpty()) {
      return factors;
    }
    WeightGroups outputs = WeightGroups.of(parameter, 0, false);
    double[] radii = radii(outputs.norms(), most, least);
    for (int output = 0; output < radii.length; output++) {
      double norm = norm(parameter, outputs, output);
      double factor = norm > 0 ? radii[output] / norm : 0;
      outputs.forEachUnit(output, unit -> factors[unit] = factor);
    }
    return factors;
  }

  private static double norm(TrainedParameter parameter, WeightGroups outputs, int output) {
    double[] squares = {0};
    outputs.forEachUnit(
        output,
        unit -> {
          double slope = parameter.isAlive(unit) ? parameter.gradient().get(unit) : 0;
          squares[0] += slope * slope;
        });
    return Math.sqrt(squares[0]);
  }

  private static double[] radii(double[] scores, double most, double least) {
    double low = Arrays.stream(scores).min().orElse(0);
    double high = Arrays.stream(scores).max().orElse(0);
    return Arrays.stream(scores)
        .map(score -> high == low ? most : most - (score - low) / (high - low) * (most - least))
        .toArray();
  }
}
