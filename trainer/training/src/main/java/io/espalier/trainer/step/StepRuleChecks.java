package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.schedule.ScheduleClock;

/** Checks how many passes a user's rule takes. */
record StepRuleChecks(PluginGuard guard, StepRule rule) implements StepRule {
  private static final int MOST_PASSES = 16;

  static StepRule created(StepRuleProvider provider, MemberSettings settings, ScheduleClock clock) {
    PluginGuard guard = PluginGuard.of(provider);
    StepRule rule = guard.prepare("be created", () -> provider.create(settings, clock));
    return guard.around(StepRule.class, rule, new StepRuleChecks(guard, rule));
  }

  @Override
  public int passes() {
    int passes = rule.passes();
    if (passes < 1 || passes > MOST_PASSES) {
      throw guard.broken("take from 1 to %d passes: passes=%d".formatted(MOST_PASSES, passes));
    }
    return passes;
  }
}
