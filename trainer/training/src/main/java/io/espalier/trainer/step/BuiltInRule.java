package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.schedule.ScheduleClock;
import java.util.List;

/** A built-in rule, which acts on the steps from {@code begin} up to {@code end}. */
abstract class BuiltInRule implements StepRuleProvider {
  static final String STRENGTH = "strength";
  private static final String BEGIN = "begin";
  private static final String END = "end";

  /** Keys beside those of the span. */
  abstract PluginKeys own();

  abstract void check(MemberSettings settings, Rules rules);

  /** Makes the rule without its span, whose first step is {@code begin}. */
  abstract StepRule create(MemberSettings settings, StepRuleContext context, long begin);

  @Override
  public final PluginKeys keys() {
    return own().span(BEGIN, new Span.Percent(0)).span(END, new Span.Percent(100));
  }

  @Override
  public final void check(MemberSettings settings) {
    Rules rules = new Rules();
    check(settings, rules);
    rules.verify();
  }

  @Override
  public final StepRule create(MemberSettings settings, StepRuleContext context) {
    ScheduleClock clock = context.clock();
    long begin = clock.stepsOf(settings.span(BEGIN));
    long end = clock.stepsOf(settings.span(END));
    if (begin >= end || begin >= clock.totalSteps()) {
      throw StepRuleContext.refusal(
          "begin of " + name(),
          "must be before end and within the run: begin=%s (step %d), end=%s (step %d), steps of the run=%d"
              .formatted(settings.span(BEGIN), begin, settings.span(END), end, clock.totalSteps()));
    }
    return new SpannedRule(create(settings, context, begin), begin, end);
  }

  static PluginKeys strength(double standard) {
    return PluginKeys.NONE.number(STRENGTH, standard);
  }

  static Rules requireStrength(Rules rules, MemberSettings settings) {
    return requireFactor(rules, settings, STRENGTH);
  }

  static Rules requireFactor(Rules rules, MemberSettings settings, String key) {
    double factor = settings.number(key);
    return rules.require(key, factor, factor > 0 && factor <= 1000, "above 0, at most 1000");
  }

  static Rules requireShare(Rules rules, MemberSettings settings, String key) {
    double share = settings.number(key);
    return rules.require(key, share, share > 0 && share < 1, "above 0% and below 100%");
  }

  static Rules requireOneOf(Rules rules, MemberSettings settings, String key, List<String> values) {
    String value = settings.text(key);
    return rules.require(key, value, values.contains(value), String.join(" or ", values), values);
  }

  /** The share of all weights that the run prunes in the end; refuses a run that prunes none. */
  double sparsity(StepRuleContext context) {
    double sparsity = context.clock().finalSparsity();
    if (!context.prunesWeights() || sparsity <= 0) {
      throw StepRuleContext.refusal(
          name(),
          "prepares the weights that prune.sparsity leaves out, and this run prunes no single weights:"
              + " set prune.sparsity above 0% with prune.granularity = weight, or leave the rule out");
    }
    return sparsity;
  }
}
