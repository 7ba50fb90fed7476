package io.espalier.trainer.step;

import io.espalier.configs.plugin.PluginGuard;

/** Checks how many passes a user's rule takes. */
record StepRuleChecks(PluginGuard guard, StepRule rule) implements StepRule {
  private static final int MOST_PASSES = 16;

  static StepRule around(PluginGuard guard, StepRule rule) {
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
