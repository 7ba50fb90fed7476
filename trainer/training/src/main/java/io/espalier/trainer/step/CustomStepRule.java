package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.schedule.ScheduleClock;
import java.util.function.Consumer;

/** A user's rule; errors name it. */
record CustomStepRule(PluginGuard code, StepRule rule, int passes) implements StepRule {
  private static final int MOST_PASSES = 16;

  static StepRule of(StepRuleProvider provider, MemberSettings settings, ScheduleClock clock) {
    PluginGuard code = PluginGuard.of(provider);
    StepRule rule = code.prepare("be created", () -> provider.create(settings, clock));
    return code.prepare(
        "name its passes",
        () -> {
          int passes = rule.passes();
          if (passes < 1 || passes > MOST_PASSES) {
            throw code.broken("take from 1 to %d passes: passes=%d".formatted(MOST_PASSES, passes));
          }
          return new CustomStepRule(code, rule, passes);
        });
  }

  @Override
  public void afterBackward(Step step) {
    act("act on gradients", rule::afterBackward, step);
  }

  @Override
  public void afterUpdate(Step step) {
    act("act on weights", rule::afterUpdate, step);
  }

  private void act(String doing, Consumer<Step> rule, Step step) {
    code.run(
        "%s at step %d".formatted(doing, step.completed()),
        () -> {
          rule.accept(step);
          return true;
        });
  }
}
