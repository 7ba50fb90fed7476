package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Optional;

/** A schedule that rises along a curve within a {@link Window} of the run. */
interface GradualProvider extends ScheduleProvider {
  Curve curve(MemberSettings settings);

  @Override
  default PluginKeys keys() {
    return Window.KEYS;
  }

  @Override
  default void check(MemberSettings settings) {
    Window.of(settings).rules().verify();
  }

  @Override
  default Optional<Span> continues(MemberSettings settings) {
    return Window.of(settings).interval();
  }

  @Override
  default Schedule create(MemberSettings settings, ScheduleClock clock) {
    return clock.gradual(Window.of(settings), curve(settings));
  }
}
