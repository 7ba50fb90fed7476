package io.espalier.trainer.step;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.schedule.ScheduleClock;
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
final class GroupLasso implements StepRuleProvider {
  private static final String AXIS = "axis";
  private static final String STRENGTH = "strength";
  private static final String STEP = "step";
  private static final String SCALE_BY_SIZE = "scale-by-size";
  private static final String BEGIN = "begin";
  private static final String END = "end";
  private static final String INPUTS = "inputs";
  private static final String PROXIMAL = "proximal";

  @Override
  public String name() {
    return "group-lasso";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE
        .required(STRENGTH, PluginKeys.Type.NUMBER, "the factor λ of the penalty; 1e-4 is a start")
        .text(AXIS, "outputs")
        .text(STEP, PROXIMAL)
        .flag(SCALE_BY_SIZE, true)
        .renamed("sized", SCALE_BY_SIZE)
        .span(BEGIN, new Span.Percent(0))
        .span(END, new Span.Percent(100));
  }

  @Override
  public void check(MemberSettings settings) {
    double strength = settings.number(STRENGTH);
    new Rules()
        .require(STRENGTH, strength, strength > 0 && strength <= 1000, "above 0, at most 1000")
        .require(
            AXIS,
            settings.text(AXIS),
            List.of("outputs", INPUTS).contains(settings.text(AXIS)),
            "outputs or inputs",
            List.of("outputs", INPUTS))
        .require(
            STEP,
            settings.text(STEP),
            List.of(PROXIMAL, "gradient").contains(settings.text(STEP)),
            "proximal or gradient",
            List.of(PROXIMAL, "gradient"))
        .verify();
  }

  @Override
  public StepRule create(MemberSettings settings, ScheduleClock clock) {
    long begin = clock.stepsOf(settings.span(BEGIN));
    long end = clock.stepsOf(settings.span(END));
    if (begin >= end || begin >= clock.totalSteps()) {
      throw InvalidConfigException.of(
          kind().path(),
          "begin of group-lasso must be before end and within the run: begin=%s (step %d), end=%s (step %d), steps of the run=%d"
              .formatted(settings.span(BEGIN), begin, settings.span(END), end, clock.totalSteps()));
    }
    return new Rule(
        settings.number(STRENGTH),
        settings.text(AXIS).equals(INPUTS) ? 1 : 0,
        settings.text(STEP).equals(PROXIMAL),
        settings.flag(SCALE_BY_SIZE),
        begin,
        end);
  }

  private record Rule(
      double strength, int axis, boolean proximal, boolean scaleBySize, long begin, long end)
      implements StepRule {
    @Override
    public void afterBackward(Step step) {
      if (!proximal && acts(step)) {
        groups(step).forEach(groups -> groups.addSlope(strength));
      }
    }

    @Override
    public void afterUpdate(Step step) {
      if (proximal && acts(step)) {
        groups(step).forEach(groups -> groups.shrink(step.rate() * strength));
      }
    }

    private boolean acts(Step step) {
      return step.completed() >= begin && step.completed() < end;
    }

    private List<WeightGroups> groups(Step step) {
      return step.parameters().stream()
          .filter(parameter -> parameter.kept().isPresent())
          .map(parameter -> WeightGroups.of(parameter, axis, scaleBySize))
          .toList();
    }
  }
}
