package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * RMSprop (Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012): {@code s = αs + (1 − α)g²}, {@code w
 * = w − ηg / (√s + ε)}; with momentum {@code b = μb + g / (√s + ε)}, {@code w = w − ηb}. Not
 * centred, and without bias correction. Weight decay is part of the gradient.
 *
 * <p>{@code alpha} and {@code momentum} are from 0 to below 1, {@code epsilon} from 1e-16 to below
 * 1.
 */
final class RmsProp implements OptimizerProvider {
  private static final String ALPHA = "alpha";
  private static final String EPSILON = "epsilon";
  private static final String MOMENTUM = "momentum";

  @Override
  public String name() {
    return "rmsprop";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(ALPHA, 0.99).number(EPSILON, 1e-8).number(MOMENTUM, 0);
  }

  @Override
  public void check(MemberSettings settings) {
    new OptimizerRules(settings).belowOne(ALPHA).divisor(EPSILON).belowOne(MOMENTUM).verify();
  }

  @Override
  public UpdateRule create(MemberSettings settings) {
    double alpha = settings.number(ALPHA);
    double momentum = settings.number(MOMENTUM);
    return new AdaptiveDescent(
        alpha,
        1 - alpha,
        settings.number(EPSILON),
        momentum > 0,
        new UpdateRule.Sgd(momentum, false));
  }
}
