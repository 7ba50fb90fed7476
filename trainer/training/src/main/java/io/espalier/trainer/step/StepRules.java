package io.espalier.trainer.step;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.combination.Combinations;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.List;

/** The built-in step rules, and those of users by their name. */
public final class StepRules implements BuiltInPlugins {
  @Override
  public List<StepRuleProvider> list() {
    return List.of(
        new GroupLasso(),
        new L1(),
        new ScalePenalty(),
        new Growing(),
        new HalfSpace(),
        new Gsm(),
        new IterativeShrinkage(),
        new FilterShrinking(),
        new SharpnessAware(),
        new AdaptiveSharpness(),
        new StagedPenalty(),
        new Truncation(),
        new Widening(),
        new DualPenalty());
  }

  /**
   * The rules of one replica, in the order of the recipe.
   *
   * @throws InvalidConfigException if they do not go together
   */
  public static List<StepRule> of(List<MemberSettings> settings, StepRuleContext context) {
    List<StepRule> rules = settings.stream().map(each -> of(each, context)).toList();
    List<String> several = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).passes() > 1) {
        several.add(settings.get(i).name());
      }
    }
    if (several.size() > 1) {
      throw Combinations.PASSES.refusal(several, "such that one of them takes several passes");
    }
    return rules;
  }

  /** Whether all rules are known to leave pruned weights at 0. */
  public static boolean areBuiltIn(List<StepRule> rules) {
    return rules.stream().noneMatch(PluginGuard::isAround);
  }

  private static StepRule of(MemberSettings settings, StepRuleContext context) {
    return PluginRegistry.create(
        PluginKind.RULE,
        settings,
        StepRuleProvider.class,
        provider -> provider.create(settings, context),
        StepRuleChecks::around);
  }
}
