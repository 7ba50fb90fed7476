package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterId;
import java.util.List;
import java.util.Map;

/**
 * Penalises channels that will be removed, before they are: the gradient of all that makes a
 * selected channel, {@code x}, gets {@code strength · x / ‖x‖}, so that the others take its
 * information over. Selected are the channels of each group with the smallest norms, a share of
 * them rounded down; what is penalised stays smallest (Feng et al., "DReSS: data-driven regularized
 * structured streamlining for large language models", 2025, which selects once, at random or by a
 * score).
 */
final class StagedPenalty extends BuiltInRule {
  private static final String SHARE = "share";

  @Override
  public String name() {
    return "staged-penalty";
  }

  @Override
  PluginKeys own() {
    return strength(1e-2).share(SHARE, 0.3);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireShare(requireStrength(rules, settings), settings, SHARE);
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    return new Rule(
        ZeroInvariantGroup.of(name(), context.groups().get()),
        settings.number(STRENGTH),
        settings.number(SHARE));
  }

  private record Rule(List<List<ZeroInvariantGroup>> groups, double strength, double share)
      implements StepRule {
    @Override
    public void afterBackward(Step step) {
      Map<ParameterId, TrainedParameter> parameters = step.byId();
      for (List<ZeroInvariantGroup> channels : groups) {
        double[] norms = ZeroInvariantGroup.norms(channels, parameters);
        SmallestGroups.of(norms, share)
            .filter(channel -> norms[channel] > 0)
            .forEach(
                channel -> channels.get(channel).addDecay(parameters, strength / norms[channel]));
      }
    }
  }
}
