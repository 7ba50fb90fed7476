package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.update.OptimizerProvider;
import io.espalier.trainer.update.UpdateRule;
import io.espalier.trainer.update.Updated;

/**
 * Steps of one size along the sign of an average gradient (Chen et al., "Symbolic Discovery of
 * Optimization Algorithms", 2023), with decay apart from the gradient.
 */
public final class Lion implements OptimizerProvider {
  @Override
  public String name() {
    return "lion";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("beta1", 0.9).number("beta2", 0.99);
  }

  @Override
  public void check(MemberSettings settings) {
    Rules rules = new Rules();
    for (String key : settings.values().keySet()) {
      double beta = settings.number(key);
      rules.require(key, beta, beta >= 0 && beta < 1, "at least 0 and below 1");
    }
    rules.verify();
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    return new Rule((float) settings.number("beta1"), (float) settings.number("beta2"));
  }

  private record Rule(float beta1, float beta2) implements UpdateRule {
    @Override
    public int moments() {
      return 1;
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      float[] gradient = of.gradient();
      float[] mean = of.moment(0);
      for (int i = 0; i < of.count(); i++) {
        float direction = beta1 * mean[i] + (1 - beta1) * gradient[i];
        of.values()[i] -= (float) rate * Math.signum(direction);
        mean[i] = beta2 * mean[i] + (1 - beta2) * gradient[i];
      }
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Rule(0, beta2);
    }

    @Override
    public boolean isDecoupled() {
      return true;
    }
  }
}
