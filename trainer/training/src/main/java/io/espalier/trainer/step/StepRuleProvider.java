package io.espalier.trainer.step;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;

/** A step rule that recipes name. */
public interface StepRuleProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.RULE;
  }

  /**
   * Makes the rule of one replica.
   *
   * @throws InvalidConfigException if it cannot act in this run
   */
  StepRule create(MemberSettings settings, StepRuleContext context);
}
