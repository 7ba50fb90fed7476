package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * Adagrad (Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
 * stochastic optimization", 2011), diagonal: {@code s = s + g²}, {@code w = w − ηg / (√s + ε)},
 * with {@code s} from 0. Weight decay is part of the gradient.
 *
 * <p>{@code epsilon} is from 1e-16 to below 1.
 */
final class Adagrad implements OptimizerProvider {
  private static final String EPSILON = "epsilon";

  @Override
  public String name() {
    return "adagrad";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(EPSILON, 1e-10);
  }

  @Override
  public void check(MemberSettings settings) {
    new OptimizerRules(settings).divisor(EPSILON).verify();
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    return new AdaptiveDescent(1, 1, settings.number(EPSILON), false, new UpdateRule.Sgd(0, false));
  }
}
