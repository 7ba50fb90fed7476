package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

/** {@code s = sf + (si − sf)(1 − x)^power}. */
final class Polynomial implements GradualProvider {
  @Override
  public String name() {
    return "polynomial";
  }

  @Override
  public PluginKeys keys() {
    return Window.KEYS.number("power", 3);
  }

  @Override
  public void check(MemberSettings settings) {
    double power = settings.number("power");
    Window.of(settings)
        .rules()
        .require("power", power, power > 0 && power <= 100, "above 0, at most 100")
        .verify();
  }

  @Override
  public Curve curve(MemberSettings settings) {
    return Curve.polynomial(settings.number("power"));
  }
}
