package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An L2 penalty that grows. Over weights, with the steps: the gradient of those that the plan's
 * sparsity would leave out of their layer gets {@code λ · w}, where {@code λ} rises by {@code
 * strength} every so many steps up to a limit (Wang et al., "Neural pruning via growing
 * regularization", 2021). Over channels, with their unimportance: all that makes channel {@code k}
 * of a dependency group, {@code x}, gets {@code strength · 2^(4 · (I_max − I_k) / (I_max − I_min))
 * · x} with {@code I = ‖x‖²} (Fang et al., "DepGraph: towards any structural pruning", 2023).
 */
final class Growing extends BuiltInRule {
  private static final String OF = "of";
  private static final String WEIGHTS = "weights";
  private static final String CHANNELS = "channels";
  private static final String EVERY = "every";
  private static final String LIMIT = "limit";

  @Override
  public String name() {
    return "growing";
  }

  @Override
  PluginKeys own() {
    return strength(1e-4).text(OF, WEIGHTS).whole(EVERY, 10).number(LIMIT, 0.5);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireOneOf(
        requireFactor(requireStrength(rules, settings), settings, LIMIT),
        settings,
        OF,
        List.of(WEIGHTS, CHANNELS));
    int every = settings.whole(EVERY);
    rules.require(EVERY, every, every >= 1, "1 step or more");
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    double strength = settings.number(STRENGTH);
    if (settings.text(OF).equals(CHANNELS)) {
      return new InGroups(ZeroInvariantGroup.of(name(), context.groups().get()), strength);
    }
    return new InTime(
        sparsity(context),
        new Rise(begin, settings.whole(EVERY), strength, settings.number(LIMIT)));
  }

  /** The factor of the penalty after so many steps. */
  private record Rise(long begin, int every, double by, double limit) {
    double at(long completed) {
      long rises = (completed - begin) / every;
      return Math.min(limit, by * rises);
    }
  }

  private record InTime(double sparsity, Rise rise) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      double factor = rise.at(step.completed());
      List<TrainedParameter> prunable = step.prunable();
      LargestWeights.forEachOther(
          prunable,
          LargestWeights.ofEach(prunable, sparsity),
          (parameter, unit) -> parameter.addSlope(unit, factor * parameter.weight().get(unit)));
    }
  }

  private record InGroups(List<List<ZeroInvariantGroup>> groups, double strength)
      implements StepRule {
    @Override
    public void afterBackward(Step step) {
      Map<ParameterId, TrainedParameter> parameters = step.byId();
      for (List<ZeroInvariantGroup> channels : groups) {
        double[] importances =
            Arrays.stream(ZeroInvariantGroup.norms(channels, parameters))
                .map(norm -> norm * norm)
                .toArray();
        double most = Arrays.stream(importances).max().orElseThrow();
        double range = most - Arrays.stream(importances).min().orElseThrow();
        for (int channel = 0; channel < importances.length; channel++) {
          double exponent = range == 0 ? 0 : 4 * (most - importances[channel]) / range;
          channels.get(channel).addDecay(parameters, strength * Math.pow(2, exponent));
        }
      }
    }
  }
}
