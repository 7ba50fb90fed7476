package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;

/**
 * Group lasso over the outputs or the inputs of each prunable weight: {@code λ · Σ √|g| · ‖w_g‖}
 * (Yuan and Lin, "Model selection and estimation in regression with grouped variables", 2006; in
 * networks Wen et al., "Learning structured sparsity in deep neural networks", 2016).
 *
 * <p>By default a proximal step after the update: {@code w_g ← max(0, 1 − ηλ√|g| / ‖w_g‖) · w_g},
 * which makes whole groups exactly 0; else the slope {@code λ√|g| · w_g / ‖w_g‖}, 0 at 0, in the
 * gradient. {@code |g|} counts all weights of a group, pruned ones too. An output is a row or
 * filter, an input a column: all weights that read one input channel, or one value of a vector.
 */
final class GroupLasso extends BuiltInRule {
  private static final String AXIS = "axis";
  private static final String INPUTS = "inputs";
  private static final String STEP = "step";
  private static final String SCALE_BY_SIZE = "scale-by-size";
  private static final String PROXIMAL = "proximal";

  @Override
  public String name() {
    return "group-lasso";
  }

  @Override
  PluginKeys own() {
    return strength(1e-4)
        .text(AXIS, "outputs")
        .text(STEP, PROXIMAL)
        .flag(SCALE_BY_SIZE, true)
        .renamed("sized", SCALE_BY_SIZE);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireOneOf(requireStrength(rules, settings), settings, AXIS, List.of("outputs", INPUTS));
    requireOneOf(rules, settings, STEP, List.of(PROXIMAL, "gradient"));
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(
        settings.number(STRENGTH),
        settings.text(AXIS).equals(INPUTS) ? 1 : 0,
        settings.text(STEP).equals(PROXIMAL),
        settings.flag(SCALE_BY_SIZE));
  }

  private record Rule(double strength, int axis, boolean proximal, boolean scaleBySize)
      implements StepRule {
    @Override
    public void afterBackward(Step step) {
      if (!proximal) {
        groups(step).forEach(groups -> groups.addSlope(strength));
      }
    }

    @Override
    public void afterUpdate(Step step) {
      if (proximal) {
        groups(step).forEach(groups -> groups.shrink(step.rate() * strength));
      }
    }

    private List<WeightGroups> groups(Step step) {
      return step.prunable().stream()
          .map(parameter -> WeightGroups.of(parameter, axis, scaleBySize))
          .toList();
    }
  }
}
