package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;
import java.util.OptionalDouble;

/**
 * {@code |w| · (‖x‖₂ + scale · ‖g‖)} with the norm over examples of the gradients of their own
 * losses (Das, Sun, Ma and Shen, "Beyond size: how gradients shape pruning decisions in large
 * language models", 2023). The paper's {@code scale} of 100 brings the gradients of models of
 * billions of weights near the size of inputs; in networks of other sizes it leaves one of the two
 * terms alone. {@code balanced} is what the paper chose it for: in each layer both terms have the
 * same mean.
 */
final class GblmScore implements ScoreProvider {
  private static final String SCALE = "scale";
  private static final String BALANCED = "balanced";
  private static final String NORM = "norm";
  private static final List<String> NORMS = List.of("l2", "l1");

  @Override
  public String name() {
    return "gblm";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).text(SCALE, BALANCED).name(NORM, "l2");
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    OptionalDouble scale = scale(settings);
    new Rules()
        .require(
            SCALE,
            settings.text(SCALE),
            scale.isEmpty() || (scale.getAsDouble() >= 0 && scale.getAsDouble() <= 1e6),
            "balanced or from 0 to 1000000",
            List.of(BALANCED))
        .require(
            NORM, settings.text(NORM), NORMS.contains(settings.text(NORM)), "one of l2, l1", NORMS)
        .verify();
  }

  /** Empty where each layer has its own; NaN of what is neither. */
  private static OptionalDouble scale(MemberSettings settings) {
    String text = settings.text(SCALE);
    if (text.equals(BALANCED)) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.of(Double.NaN);
    }
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    boolean squares = settings.text(NORM).equals("l2");
    return InputAndGradient.of(
        new StatisticRequest(
            squares ? ExampleGradient.SQUARE_SUMS : ExampleGradient.MAGNITUDE_SUMS,
            DataBatches.of(settings),
            Units.CANDIDATES),
        scale(settings),
        squares);
  }
}
