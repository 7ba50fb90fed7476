package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;

/** Rules of keys that optimizers share. */
final class OptimizerRules {
  private final Rules rules = new Rules();
  private final MemberSettings settings;

  OptimizerRules(MemberSettings settings) {
    this.settings = settings;
  }

  OptimizerRules belowOne(String key) {
    double value = settings.number(key);
    rules.require(key, value, value >= 0 && value < 1, "at least 0 and below 1");
    return this;
  }

  OptimizerRules divisor(String key) {
    double value = settings.number(key);
    rules.require(key, value, value >= 1e-16 && value < 1, "from 1e-16 to below 1");
    return this;
  }

  void verify() {
    rules.verify();
  }
}
