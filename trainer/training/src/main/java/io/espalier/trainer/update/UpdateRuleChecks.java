package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;

/**
 * Checks what a user's rule says of itself, and the weights that it leaves.
 *
 * @param isElementwise the word of its provider
 */
record UpdateRuleChecks(PluginGuard guard, UpdateRule rule, boolean isElementwise)
    implements UpdateRule {
  private static final int MOST_MOMENTS = 8;

  static UpdateRule created(OptimizerProvider provider, MemberSettings settings) {
    PluginGuard guard = PluginGuard.of(provider);
    UpdateRule rule = guard.prepare("be created", () -> provider.create(settings));
    boolean isElementwise =
        guard.prepare("describe itself", () -> isElementwise(guard, provider, rule, settings));
    UpdateRule checked = around(guard, rule, isElementwise);
    int unused = checked.moments();
    return checked;
  }

  private static UpdateRule around(PluginGuard guard, UpdateRule rule, boolean isElementwise) {
    return guard.around(UpdateRule.class, rule, new UpdateRuleChecks(guard, rule, isElementwise));
  }

  private static boolean isElementwise(
      PluginGuard guard, OptimizerProvider provider, UpdateRule rule, MemberSettings settings) {
    boolean isElementwise = provider.isElementwise(settings);
    if (isElementwise && !rule.isElementwise()) {
      throw guard.broken(
          "say by isElementwise of the provider that it looks at whole tensors, as its rule does: isElementwise=true");
    }
    return isElementwise;
  }

  @Override
  public int moments() {
    int moments = rule.moments();
    if (moments < 0 || moments > MOST_MOMENTS) {
      throw guard.broken("have from 0 to %d moments: moments=%d".formatted(MOST_MOMENTS, moments));
    }
    return moments;
  }

  @Override
  public void apply(Updated of, long completed, double rate) {
    rule.apply(of, completed, rate);
    requireFinite(of);
  }

  @Override
  public UpdateRule withoutMomentum() {
    return around(guard, rule.withoutMomentum(), isElementwise);
  }

  @Override
  public UpdateRule withDecay(double decay) {
    return around(guard, rule.withDecay(decay), isElementwise);
  }

  private void requireFinite(Updated of) {
    float[] values = of.values();
    for (int i = 0; i < of.count(); i++) {
      if (!Float.isFinite(values[i])) {
        throw guard.broken(
            "leave weights finite, at a lower train.learning-rate perhaps: value=" + values[i]);
      }
    }
  }
}
