package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.prepare.LearningRate;
import io.espalier.trainer.prepare.LearningRateProvider;

/**
 * A rate that falls with the root of the steps, once they are more than {@code flat} (Vaswani et
 * al., "Attention Is All You Need", 2017).
 */
public final class InverseRoot implements LearningRateProvider {
  @Override
  public String name() {
    return "inverse-root";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("initial", 0.01).span("flat", new Span.Percent(10));
  }

  @Override
  public void check(MemberSettings settings) {
    double initial = settings.number("initial");
    new Rules().require("initial", initial, initial > 0, "above 0").verify();
  }

  @Override
  public LearningRate create(MemberSettings settings, long totalSteps, long stepsPerEpoch) {
    double initial = settings.number("initial");
    double flat = Math.max(1, settings.span("flat").resolve(totalSteps, stepsPerEpoch));
    return step -> initial * Math.sqrt(flat / Math.max(flat, step + 1.0));
  }
}
