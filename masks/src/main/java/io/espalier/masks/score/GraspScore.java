package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.Curvature;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;

/**
 * By how much the gradient flow {@code ‖∂L/∂w‖²/2} shrinks as a connection goes, to the first
 * order: {@code w · (H ∂L/∂w)}, of either sign, usually at the first step ("Picking winning tickets
 * before training by preserving gradient flow", Wang, Zhang and Grosse, 2020). The largest are
 * kept. The paper's code divides by the sum over all layers, which ranks the same, and the logits
 * by a temperature of 200, which keeps the loss of new networks from saturating.
 */
final class GraspScore implements ScoreProvider {
  private static final String TEMPERATURE = "temperature";

  @Override
  public String name() {
    return "grasp";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(10).number(TEMPERATURE, 200);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double temperature = settings.number(TEMPERATURE);
    new Rules()
        .require(
            TEMPERATURE,
            temperature,
            temperature > 0 && temperature <= 1e6,
            "above 0 and at most 1000000")
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new GradientFlow(
        new StatisticRequest(
            new Curvature(settings.number(TEMPERATURE)),
            DataBatches.of(settings),
            Units.CANDIDATES));
  }

  private record GradientFlow(StatisticRequest curvature) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(curvature);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] products = of.statistic(curvature);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = of.weights()[unit] * products[unit];
      }
    }
  }
}
