package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/**
 * Checks what a user's rule says of itself, and the weights that it leaves.
 *
 * @param isElementwise the word of its provider
 */
record UpdateRuleChecks(PluginGuard guard, UpdateRule rule, boolean isElementwise)
    implements UpdateRule {
  private static final int MOST_MOMENTS = 8;

  static UpdateRule created(MemberSettings settings) {
    OptimizerProvider provider =
        PluginRegistry.require(PluginKind.OPTIMIZER, settings, OptimizerProvider.class);
    PluginGuard guard = PluginGuard.of(provider);
    UpdateRule rule = guard.prepare("be created", () -> provider.create(settings));
    boolean isElementwise =
        guard.prepare("describe itself", () -> isElementwise(guard, provider, rule, settings));
    UpdateRule checked =
        guard.around(UpdateRule.class, rule, new UpdateRuleChecks(guard, rule, isElementwise));
    int unused = checked.moments();
    return checked;
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
    UpdateRule without = rule.withoutMomentum();
    return guard.around(
        UpdateRule.class, without, new UpdateRuleChecks(guard, without, isElementwise));
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
