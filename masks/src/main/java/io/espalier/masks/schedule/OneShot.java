package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;

/** Nothing before {@code begin}, everything at it. */
final class OneShot implements ScheduleProvider {
  @Override
  public String name() {
    return "one-shot";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.span("begin", new Span.Percent(50));
  }

  @Override
  public Schedule create(MemberSettings settings, ScheduleClock clock) {
    return clock.oneShot(settings.span("begin"));
  }
}
