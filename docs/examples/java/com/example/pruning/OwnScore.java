package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;

/** Magnitude relative to its parameter's mean, so that a global ranking compares layers fairly. */
public final class OwnScore implements ScoreProvider {
  @Override
  public String name() {
    return "relative-magnitude";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("power", 1);
  }

  @Override
  public void check(MemberSettings settings) {
    double power = settings.number("power");
    new Rules().require("power", power, power > 0, "above 0").verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    double power = settings.number("power");
    return (of, scores) -> {
      float[] weights = of.weights();
      double sum = 0;
      for (float weight : weights) {
        sum += Math.abs(weight);
      }
      double mean = sum == 0 ? 1 : sum / weights.length;
      for (int unit = 0; unit < weights.length; unit++) {
        scores[unit] = (float) Math.pow(Math.abs(weights[unit]) / mean, power);
      }
    };
  }
}
