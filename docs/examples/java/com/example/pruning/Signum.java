package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.update.OptimizerProvider;
import io.espalier.trainer.update.UpdateRule;
import io.espalier.trainer.update.Updated;

/**
 * Steps of one size along the sign of the momentum (Bernstein et al., "signSGD: Compressed
 * Optimisation for Non-Convex Problems", 2018), with decay apart from the gradient.
 */
public final class Signum implements OptimizerProvider {
  @Override
  public String name() {
    return "signum";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("beta", 0.9);
  }

  @Override
  public void check(MemberSettings settings) {
    double beta = settings.number("beta");
    new Rules().require("beta", beta, beta >= 0 && beta < 1, "at least 0 and below 1").verify();
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    return new Rule((float) settings.number("beta"));
  }

  private record Rule(float beta) implements UpdateRule {
    @Override
    public int moments() {
      return 1;
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      float[] gradient = of.gradient();
      float[] mean = of.moment(0);
      for (int i = 0; i < of.count(); i++) {
        mean[i] = beta * mean[i] + (1 - beta) * gradient[i];
        of.values()[i] -= (float) rate * Math.signum(mean[i]);
      }
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Rule(0);
    }

    @Override
    public boolean isDecoupled() {
      return true;
    }
  }
}
