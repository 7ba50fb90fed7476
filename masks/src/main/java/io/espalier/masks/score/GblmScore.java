package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;

/**
 * {@code |w| · (‖x‖₂ + ‖g‖)} with the norm over examples of the gradients of their own losses (Das,
 * Sun, Ma and Shen, "Beyond size: how gradients shape pruning decisions in large language models",
 * 2023). The paper's code scales losses by 100, to bring gradients near the size of inputs.
 */
final class GblmScore implements ScoreProvider {
  private static final String SCALE = "scale";
  private static final String NORM = "norm";
  private static final List<String> NORMS = List.of("l2", "l1");

  @Override
  public String name() {
    return "gblm";
  }

  @Override
  public CustomKeys keys() {
    return DataBatches.keys(4).number(SCALE, 100).name(NORM, "l2");
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double scale = settings.number(SCALE);
    new Rules()
        .require(SCALE, scale, scale >= 0 && scale <= 1e6, "from 0 to 1000000")
        .require(
            NORM, settings.text(NORM), NORMS.contains(settings.text(NORM)), "one of l2, l1", NORMS)
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    boolean squares = settings.text(NORM).equals("l2");
    return InputAndGradient.of(
        new StatisticRequest(
            squares ? ExampleGradient.SQUARE_SUMS : ExampleGradient.MAGNITUDE_SUMS,
            DataBatches.of(settings),
            Units.CANDIDATES),
        settings.number(SCALE),
        squares);
  }
}
