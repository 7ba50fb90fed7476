package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/**
 * {@code s = si + (sf − si)(1 − e^(−kx)) / (1 − e^(−k))} with the {@code steepness} k ("Soft
 * Masking for Cost-Constrained Channel Pruning", Humble, Shen, Albericio Latorre, Darrell and
 * Alvarez, 2022). The paper's ramp over R epochs, whose rate is 0.05 per epoch, has k = 0.05 (R +
 * 1): 2.8 for its 55 epochs.
 */
final class Exponential implements GradualProvider {
  private static final String STEEPNESS = "steepness";

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public PluginKeys keys() {
    return Window.KEYS.number(STEEPNESS, 2.8);
  }

  @Override
  public void check(MemberSettings settings) {
    double steepness = settings.number(STEEPNESS);
    Window.of(settings)
        .rules()
        .require(STEEPNESS, steepness, steepness > 0 && steepness <= 100, "above 0, at most 100")
        .verify();
  }

  @Override
  public Curve curve(MemberSettings settings) {
    double k = settings.number(STEEPNESS);
    double whole = StrictMath.expm1(-k);
    return (x, initial, last) -> initial + (last - initial) * StrictMath.expm1(-k * x) / whole;
  }
}
