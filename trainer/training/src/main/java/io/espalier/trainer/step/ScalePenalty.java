package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.Collections;
import java.util.List;

/**
 * The lasso penalty on the scales of norms: adds {@code λ · sign(γ)} to their gradients (Liu et
 * al., "Learning efficient convolutional networks through network slimming", 2017). With {@code
 * select = smallest} on the given share of all scales of the network with the smallest magnitude
 * alone, so that the others are left as they would be (Jiang et al., "Pruning-aware sparse
 * regularization for network pruning", 2021, MaskSparsity; there chosen once, here in each step).
 */
final class ScalePenalty extends BuiltInRule {
  private static final String SELECT = "select";
  private static final String SMALLEST = "smallest";
  private static final String SHARE = "share";

  @Override
  public String name() {
    return "scale-penalty";
  }

  @Override
  PluginKeys own() {
    return strength(5e-4).text(SELECT, "all").share(SHARE, 0.5);
  }

  @Override
  void check(MemberSettings settings, Rules rules) {
    requireOneOf(requireStrength(rules, settings), settings, SELECT, List.of("all", SMALLEST));
    requireShare(rules, settings, SHARE);
  }

  @Override
  StepRule create(MemberSettings settings, StepRuleContext context, long begin) {
    if (!context.has(Role.NORM_SCALE)) {
      throw StepRuleContext.refusal(
          name(),
          "acts on the scales of norms, and this network has no norms: name l1 or group-lasso");
    }
    double share = settings.text(SELECT).equals(SMALLEST) ? settings.number(SHARE) : 1;
    return new Rule(settings.number(STRENGTH), share);
  }

  private record Rule(double strength, double share) implements StepRule {
    @Override
    public void afterBackward(Step step) {
      List<TrainedParameter> scales =
          step.parameters().stream().filter(each -> each.role() == Role.NORM_SCALE).toList();
      List<Mask> spared = spared(scales);
      for (int p = 0; p < scales.size(); p++) {
        TrainedParameter scale = scales.get(p);
        for (int channel = 0; channel < scale.weight().limit(); channel++) {
          if (!spared.get(p).isKept(channel)) {
            scale.addSlope(channel, strength * Math.signum(scale.weight().get(channel)));
          }
        }
      }
    }

    private List<Mask> spared(List<TrainedParameter> scales) {
      List<Mask> all = scales.stream().map(scale -> Mask.allKept(scale.weight().limit())).toList();
      long count = all.stream().mapToLong(Mask::size).sum();
      Ranking ranking =
          Ranking.ofMagnitudes(scales.stream().map(TrainedParameter::weights).toList(), all);
      return ranking.top(
          ranking.topCounts(
              count - (long) Math.floor(share * count), Collections.nCopies(scales.size(), 0)));
    }
  }
}
