package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): steps of one size
 * along the sign of an interpolated momentum, {@code c = β₁m + (1 − β₁)g}, {@code w = w − η(sign(c)
 * + λw)}, {@code m = β₂m + (1 − β₂)g}; the sign of 0 is 0. Weight decay is decoupled.
 *
 * <p>{@code beta1} and {@code beta2} are from 0 to below 1.
 */
final class Lion implements OptimizerProvider {
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";

  @Override
  public String name() {
    return "lion";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(BETA1, 0.9).number(BETA2, 0.99);
  }

  @Override
  public void check(MemberSettings settings) {
    new OptimizerRules(settings).belowOne(BETA1).belowOne(BETA2).verify();
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    return new Rule(settings.number(BETA1), settings.number(BETA2));
  }

  private record Rule(double beta1, double beta2) implements UpdateRule {
    @Override
    public int moments() {
      return 1;
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Rule(0, beta2);
    }

    @Override
    public boolean isDecoupled() {
      return true;
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      float[] values = of.values();
      float[] gradient = of.gradient();
      float[] mean = of.moment(0);
      float seenMean = (float) beta1;
      float seenGradient = (float) (1 - beta1);
      float keptMean = (float) beta2;
      float newMean = (float) (1 - beta2);
      float step = (float) -rate;
      int count = of.count();
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = mean[i];
        values[i] += Math.signum(m * seenMean + g * seenGradient) * step;
        mean[i] = m * keptMean + g * newMean;
      }
    }
  }
}
