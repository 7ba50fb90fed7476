package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.schedule.ScheduleClock;

/** A step rule that recipes name. */
public interface StepRuleProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.RULE;
  }

  /** Makes the rule of one replica; {@code clock} counts steps, in a federation rounds. */
  StepRule create(MemberSettings settings, ScheduleClock clock);
}
