package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * {@code |w| · (‖x‖₂ + alpha · G)} with the root mean square {@code G} over examples of the
 * gradient of the length of a region's outputs, which reads no label (Yang, Zhen, Ganesh, Galstyan
 * et al., "Wanda++: pruning large language models via regional gradients", 2025). The region is the
 * block of a transformer that the weight is in, or its layer. What the paper trains in each region
 * afterwards is not part of the score.
 */
final class RegionalWandaScore implements ScoreProvider {
  private static final String ALPHA = "alpha";
  private static final String REGION = "region";

  private enum Region {
    BLOCK(ExampleGradient.BLOCK_SQUARES),
    LAYER(ExampleGradient.REGIONAL_SQUARES);

    static final List<String> NAMES =
        Stream.of(values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();

    private final ExampleGradient squares;

    Region(ExampleGradient squares) {
      this.squares = squares;
    }

    static Region of(MemberSettings settings) {
      return valueOf(settings.text(REGION).toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public String name() {
    return "wanda-regional";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).number(ALPHA, 100).name(REGION, "block");
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double alpha = settings.number(ALPHA);
    String region = settings.text(REGION);
    new Rules()
        .require(ALPHA, alpha, alpha >= 0 && alpha <= 1e6, "from 0 to 1000000")
        .require(
            REGION,
            region,
            Region.NAMES.contains(region),
            "one of " + String.join(", ", Region.NAMES),
            Region.NAMES)
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return InputAndGradient.of(
        new StatisticRequest(
            Region.of(settings).squares, DataBatches.of(settings), Units.CANDIDATES),
        OptionalDouble.of(settings.number(ALPHA)),
        true);
  }
}
