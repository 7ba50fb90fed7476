package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;

/**
 * {@code |w| · (‖x‖₂ + alpha · G)} with the root mean square {@code G} over examples of the
 * gradient of the length of a region's outputs, which reads no label (Yang, Zhen, Ganesh, Galstyan
 * et al., "Wanda++: pruning large language models via regional gradients", 2025). The paper's
 * region is a decoder block; here it is the layer of the weight. What the paper trains in each
 * region afterwards is not part of the score.
 */
final class RegionalWandaScore implements ScoreProvider {
  private static final String ALPHA = "alpha";

  @Override
  public String name() {
    return "wanda-regional";
  }

  @Override
  public CustomKeys keys() {
    return DataBatches.keys(4).number(ALPHA, 100);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double alpha = settings.number(ALPHA);
    new Rules().require(ALPHA, alpha, alpha >= 0 && alpha <= 1e6, "from 0 to 1000000").verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return InputAndGradient.of(
        new StatisticRequest(
            ExampleGradient.REGIONAL_SQUARES, DataBatches.of(settings), Units.CANDIDATES),
        settings.number(ALPHA),
        true);
  }
}
