package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/** A user's rule; errors name it. */
record CustomUpdateRule(
    PluginGuard code, UpdateRule rule, int moments, boolean isDecoupled, boolean isElementwise)
    implements UpdateRule {
  private static final int MOST_MOMENTS = 8;

  static UpdateRule of(MemberSettings settings) {
    OptimizerProvider provider =
        PluginRegistry.require(PluginKind.OPTIMIZER, settings, OptimizerProvider.class);
    PluginGuard code = PluginGuard.of(provider);
    UpdateRule rule = code.prepare("be created", () -> provider.create(settings));
    return code.prepare(
        "describe itself",
        () -> {
          int moments = rule.moments();
          if (moments < 0 || moments > MOST_MOMENTS) {
            throw code.broken(
                "have from 0 to %d moments: moments=%d".formatted(MOST_MOMENTS, moments));
          }
          boolean isElementwise = provider.isElementwise(settings);
          if (isElementwise && !rule.isElementwise()) {
            throw code.broken(
                "say by isElementwise of the provider that it looks at whole tensors, as its rule does: isElementwise=true");
          }
          return new CustomUpdateRule(code, rule, moments, rule.isDecoupled(), isElementwise);
        });
  }

  @Override
  public void apply(Updated of, long completed, double rate) {
    code.run(
        "update weights at step " + completed,
        () -> {
          rule.apply(of, completed, rate);
          return requireFinite(of);
        });
  }

  @Override
  public float[] decayed(Updated of) {
    return rule.decayed(of);
  }

  @Override
  public double decayFactor(double rate) {
    return rule.decayFactor(rate);
  }

  @Override
  public void decay(Updated of, double decay, double rate) {
    code.run(
        "decay weights",
        () -> {
          rule.decay(of, decay, rate);
          return of;
        });
  }

  @Override
  public UpdateRule withoutMomentum() {
    return new CustomUpdateRule(
        code,
        code.prepare("leave its momentum out", rule::withoutMomentum),
        moments,
        isDecoupled,
        isElementwise);
  }

  private Updated requireFinite(Updated of) {
    float[] values = of.values();
    for (int i = 0; i < of.count(); i++) {
      if (!Float.isFinite(values[i])) {
        throw code.broken(
            "leave weights finite, at a lower train.learning-rate perhaps: value=" + values[i]);
      }
    }
    return of;
  }
}
