package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.step.Step;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.step.StepRuleContext;
import io.espalier.trainer.step.StepRuleProvider;
import io.espalier.trainer.step.TrainedParameter;
import java.nio.FloatBuffer;

/** Keeps the weights that lead to one output within a ball (Srivastava et al., 2014). */
public final class OwnStepRule implements StepRuleProvider {
  @Override
  public String name() {
    return "max-norm";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("limit", 3);
  }

  @Override
  public void check(MemberSettings settings) {
    double limit = settings.number("limit");
    new Rules().require("limit", limit, limit > 0, "above 0").verify();
  }

  @Override
  public StepRule create(MemberSettings settings, StepRuleContext context) {
    double limit = settings.number("limit");
    return new StepRule() {
      @Override
      public void afterUpdate(Step step) {
        for (TrainedParameter parameter : step.parameters()) {
          if (parameter.shape().rank() >= 2) {
            int outputs = parameter.shape().dimensions().get(0);
            int inputs = parameter.shape().size() / outputs;
            for (int output = 0; output < outputs; output++) {
              shorten(parameter.weight(), output * inputs, inputs, limit);
            }
          }
        }
      }
    };
  }

  private static void shorten(FloatBuffer weight, int from, int count, double limit) {
    double squares = 0;
    for (int unit = from; unit < from + count; unit++) {
      squares += weight.get(unit) * weight.get(unit);
    }
    double factor = limit / Math.sqrt(squares);
    for (int unit = from; factor < 1 && unit < from + count; unit++) {
      weight.put(unit, (float) (weight.get(unit) * factor));
    }
  }
}
