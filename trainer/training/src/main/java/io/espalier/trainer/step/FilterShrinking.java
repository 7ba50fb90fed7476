package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec;

/**
 * Soft filter pruning: at the end of each interval the filters of each prunable convolution with
 * the smallest norms, a share of them rounded down, are multiplied by a factor, 0 by default, and
 * all are trained on (He et al., "Soft filter pruning for accelerating deep convolutional neural
 * networks", 2018).
 */
final class FilterShrinking extends BuiltInRule {
  private static final String SHARE = "share";
  private static final String FACTOR = "factor";
  private static final String EVERY = "every";

  @Override
  public String name() {
    return "filter-shrinking";
  }

  @Override
  PluginKeys own() {
    return PluginKeys.NONE.share(SHARE, 0.3).number(FACTOR, 0).span(EVERY, new Span.Epochs(1));
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireShare(rules, settings, SHARE);
    double factor = settings.number(FACTOR);
    rules.require(FACTOR, factor, factor >= 0 && factor < 1, "from 0 to below 1");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    if (context.parameters().stream().map(ParameterSpec::shape).noneMatch(Rule::hasFilters)) {
      throw StepRuleContext.refusal(
          name(), "acts on filters, and this network has no convolutions: name group-lasso");
    }
    long every = Math.max(1, context.clock().stepsOf(settings.span(EVERY)));
    return new Rule(settings.number(SHARE), (float) settings.number(FACTOR), begin, every);
  }

  private record Rule(double share, float factor, long begin, long every) implements StepRule {
    @Override
    public void afterUpdate(Step step) {
      if ((step.completed() + 1 - begin) % every == 0) {
        step.prunable().stream()
            .filter(parameter -> hasFilters(parameter.shape()))
            .map(parameter -> WeightGroups.of(parameter, 0, false))
            .forEach(
                filters ->
                    SmallestGroups.of(filters.norms(), share)
                        .forEach(filter -> filters.scale(filter, factor)));
      }
    }

    private static boolean hasFilters(ParameterShape shape) {
      return shape.rank() == 4;
    }
  }
}
