package io.espalier.trainer.step;

/** A rule that acts on a part of the run, counted in completed steps. */
record SpannedRule(StepRule rule, long begin, long end) implements StepRule {
  @Override
  public void afterBackward(Step step) {
    if (acts(step)) {
      rule.afterBackward(step);
    }
  }

  @Override
  public void afterUpdate(Step step) {
    if (acts(step)) {
      rule.afterUpdate(step);
    }
  }

  @Override
  public int passes() {
    return rule.passes();
  }

  private boolean acts(Step step) {
    return step.completed() >= begin && step.completed() < end;
  }
}
